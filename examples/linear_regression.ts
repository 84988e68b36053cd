/* Linear regression by gradient descent on raw tensors: y = 3x₁ − 2x₂ + 1, found again from noisy points. */
import assert from 'node:assert/strict';
import { matmul, noGrad, rand, randn, seed, tensor, zeros } from 'adjoint';

seed(1);
const x = rand([200, 2], { low: -1, high: 1 });
const y = matmul(x, tensor([[3], [-2]]))
  .add(1)
  .add(randn([200, 1], { std: 0.1 }));

const weight = zeros([2, 1], { requiresGrad: true });
const bias = zeros([1], { requiresGrad: true });

for (let step = 1; step <= 200; step++) {
  const loss = x.matmul(weight).add(bias).sub(y).square().mean();
  loss.backward();
  noGrad(() => {
    weight.assign(weight.sub(weight.grad!.mul(0.5)));
    bias.assign(bias.sub(bias.grad!.mul(0.5)));
    weight.grad = bias.grad = null;
  });
  if (step % 50 === 0) console.log(`step ${step}: mean squared error ${loss.item().toFixed(4)}`);
}

console.log(`weight ${weight}`);
console.log(`bias   ${bias}`);
const [w1, w2] = weight.data();
assert.ok(
  Math.abs(w1 - 3) < 0.1 && Math.abs(w2 + 2) < 0.1 && Math.abs(bias.data()[0] - 1) < 0.1,
  'the line is found within 0.1',
);
