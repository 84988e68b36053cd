import { elu, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('elu', elu, {
  reference: ([x], alpha = 1) => elementwise((v) => (v > 0 ? v : alpha * Math.expm1(v)))([x]),
  samples: [
    ...unarySamples(),
    { operands: [{ shape: [9] }], args: [0.3] },
    { operands: [{ shape: [9], dtype: 'int32' }], args: [0.3], smooth: false },
  ],
  errors: [{ call: () => elu(tensor([1]), Number.NaN), says: 'elu: alpha must be a finite number; got NaN' }],
});

it('elu is finite in value and gradient where its exponential is not, and has the slope alpha at 0', () => {
  const x = tensor([-1000, 0, 1000]).requireGrad();
  const y = elu(x, 0.5);
  expect(y.toArray()).toEqual([-0.5, 0, 1000]);
  y.sum().backward();
  expect(x.grad?.toArray()).toEqual([0, 0.5, 1]);
});

// Line 4171 of the latter prints the bound −alpha of the value for the slope's.
it('lecture notes 003, lines 539–545, and 004, lines 4167–4177: elu at −1, 0 and 1, above −alpha', () => {
  const x = tensor([-1, 0, 1], { dtype: 'float64' }).requireGrad();
  const y = elu(x);
  expect(y.toArray()).toEqual([Math.expm1(-1), 0, 1]);
  expect(elu(tensor([-40], { dtype: 'float64' })).item()).toBeCloseTo(-1, 15);
  y.sum().backward();
  expect(x.grad?.toArray()[0]).toBeCloseTo(Math.exp(-1), 15);
});
