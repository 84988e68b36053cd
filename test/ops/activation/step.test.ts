import { grad, relu, step, type Tensor, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('step', step, {
  reference: ([x], atZero = 1) => elementwise((v) => (v === 0 ? atZero : v > 0 ? 1 : 0))([x]),
  samples: [
    ...unarySamples(),
    { operands: [{ shape: [3], values: [-1, 0, 1] }] },
    { operands: [{ shape: [3], values: [-1, 0, 1] }], args: [0.5] },
  ],
  differentiable: false,
  errors: [{ call: () => step(tensor([1]), Number.NaN), says: 'step: atZero must be a finite number; got NaN' }],
});

it('step gives NaN of NaN', () => {
  expect(step(tensor([NaN, Infinity, -Infinity])).toArray()).toEqual([NaN, 1, 0]);
});

it('lecture notes 000, line 205: step is 1 at 0; lecture notes 002, line 137: and so is the sign 2 step(x) − 1', () => {
  const x = tensor([-2, -0.5, 0, 3]);
  expect(step(x).toArray()).toEqual([0, 0, 1, 1]);
  expect(step(x).mul(2).sub(1).toArray()).toEqual([-1, -1, 1, 1]);
});

it('lecture notes 001, line 779: step is the derivative of ReLU, but at 0', () => {
  const x = tensor([-2, -0.5, 0, 0.5, 3]);
  expect(grad((x: Tensor) => relu(x).sum())(x).toArray()).toEqual(step(x, 0).toArray());
});
