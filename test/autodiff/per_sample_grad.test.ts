import { crossEntropy, grad, linear, perSampleGrad, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose } from '../harness.js';

const d = (values: number[] | number[][]): Tensor => tensor(values, { dtype: 'float64' });
const parameters = {
  w: d([
    [0.2, -0.4],
    [1, 0.3],
    [-0.7, 0.5],
  ]),
  b: d([0.1, 0, -0.2]),
};
const x = d([
  [1, 2],
  [-1, 0.5],
  [3, -2],
  [0, 1],
]);
const y = tensor([2, 0, 1, 1], { dtype: 'int32' });
const loss = (p: typeof parameters, x: Tensor, y: Tensor): Tensor => crossEntropy(linear(x, p.w, p.b), y);

describe.each(engines)('perSampleGrad on $name', ({ use }) => {
  it('has the gradient of each example’s loss along axis 0', () => {
    use();
    const g = perSampleGrad(loss)(parameters, x, y);
    expect([g.w.shape, g.b.shape]).toEqual([
      [4, 3, 2],
      [4, 3],
    ]);
    // ∂L/∂logits = p − y, and the outer product with x
    const p = linear(x, parameters.w, parameters.b).softmax();
    const delta = p.data().map((value: number, i: number) => value - Number(y.data()[Math.floor(i / 3)] === i % 3));
    expectClose(g.b, { shape: [4, 3], data: [...delta] });
    const expected = [...delta].flatMap((value, i) => [0, 1].map((k) => value * x.data()[2 * Math.floor(i / 3) + k]));
    expectClose(g.w, { shape: [4, 3, 2], data: expected });
  });

  it('has the batch’s gradient as its mean, where the loss is a mean', () => {
    use();
    const whole = grad(loss)(parameters, x, y);
    const g = perSampleGrad(loss)(parameters, x, y);
    expectClose(g.w.mean(0), { shape: [3, 2], data: [...whole.w.data()] });
    expectClose(g.b.mean(0), { shape: [3], data: [...whole.b.data()] });
  });

  it('takes batches that are trees, and other parameters than an object', () => {
    use();
    const f = (w: Tensor, batch: { x: Tensor; scale: Tensor[] }): Tensor => batch.x.matmul(w).mul(batch.scale[0]).sum();
    const g = perSampleGrad(f)(d([1, 1]), { x, scale: [d([1, 2, 3, 4])] });
    expect(g.toArray()).toEqual([
      [1, 2],
      [-2, 1],
      [9, -6],
      [0, 4],
    ]);
  });

  it('is differentiable in turn', () => {
    use();
    const f = (w: Tensor, x: Tensor): Tensor => x.matmul(w).square().sum();
    // Σᵢ |gᵢ|² with gᵢ = 2 (w · xᵢ) xᵢ: Σ 8 (w · xᵢ) |xᵢ|² xᵢ
    const penalty = grad((w: Tensor) => perSampleGrad(f)(w, x).square().sum());
    const products = x.matmul(d([1, 2])).data();
    const expected = [0, 0];
    for (let i = 0; i < 4; i++) {
      const [a, b] = x.slice(i).data();
      for (const [k, value] of [a, b].entries()) expected[k] += 8 * products[i] * (a * a + b * b) * value;
    }
    expectClose(penalty(d([1, 2])), { shape: [2], data: expected });
  });
});

it('perSampleGrad: states what is wrong with a batch', () => {
  const rule = 'perSampleGrad: the examples must be equally many in each tensor, at least 1, along axis 0; got';
  expect(() => perSampleGrad(loss)(parameters, x, y.slice([0, 3]))).toThrow(`${rule} shapes [4, 2] and [3]`);
  expect(() => perSampleGrad(loss)(parameters, x.slice([0, 0]), y.slice([0, 0]))).toThrow(
    `${rule} shapes [0, 2] and [0]`,
  );
  expect(() => perSampleGrad((w: Tensor) => w.sum())(d([1]))).toThrow(`${rule} no tensor`);
});
