import { step, tensor } from 'adjoint';
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
