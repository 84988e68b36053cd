/* XOR, which no straight line separates, by a network with one hidden layer and a hand-written loop. */
import assert from 'node:assert/strict';
import { binaryCrossEntropyWithLogits, nn, optim, seed, sigmoid, tensor } from 'adjoint';

seed(1);
const x = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const y = tensor([[0], [1], [1], [0]]);

const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1));
const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 });

for (let step = 1; step <= 500; step++) {
  optimizer.zeroGrad();
  const loss = binaryCrossEntropyWithLogits(model.forward(x), y);
  loss.backward();
  optimizer.step();
  if (step % 100 === 0) console.log(`step ${step}: loss ${loss.item().toFixed(4)}`);
}

const probabilities = sigmoid(model.forward(x)).data();
for (const [i, [a, b]] of x.toArray().entries()) console.log(`${a} xor ${b}: ${probabilities[i].toFixed(3)}`);
assert.deepEqual([...probabilities].map(Math.round), [0, 1, 1, 0], 'all four cases are learnt');
