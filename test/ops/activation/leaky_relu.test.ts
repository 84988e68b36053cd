import { leakyRelu, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('leakyRelu', leakyRelu, {
  reference: ([x], slope = 0.01) => elementwise((v) => (v > 0 ? v : slope * v))([x]),
  samples: [
    ...unarySamples(),
    { operands: [{ shape: [9] }], args: [0.3] },
    { operands: [{ shape: [9], dtype: 'int32' }], args: [0.5] },
  ],
  errors: [
    { call: () => leakyRelu(tensor([1]), Number.NaN), says: 'leakyRelu: slope must be a finite number; got NaN' },
  ],
});

it('lecture notes 003, line 545, and 004, line 4155: leakyRelu at −1, 0 and 1, with the slope 0.01', () => {
  const x = tensor([-1, 0, 1], { dtype: 'float64' }).requireGrad();
  const y = leakyRelu(x);
  expect(y.toArray()).toEqual([-0.01, 0, 1]);
  y.sum().backward();
  expect([...(x.grad?.slice([null, null, 2]).data() ?? [])]).toEqual([0.01, 1]);
});
