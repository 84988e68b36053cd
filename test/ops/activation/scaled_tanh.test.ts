import { scaledTanh, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('scaledTanh', scaledTanh, {
  reference: ([x], { a = 1.716, b = 2 / 3 } = {}) => elementwise((v) => a * Math.tanh(b * v))([x]),
  samples: [...unarySamples(), { operands: [{ shape: [9] }], args: [{ a: 2, b: 0.5 }] }],
  errors: [
    {
      call: () => scaledTanh(tensor([1]), { a: Number.NaN }),
      says: 'scaledTanh: a must be a finite number; got NaN',
    },
    {
      call: () => scaledTanh(tensor([1]), { b: Number.NaN }),
      says: 'scaledTanh: b must be a finite number; got NaN',
    },
  ],
});

it('scaledTanh has the numbers of lecture notes 004, lines 2393–2413: 1.000056 at 1, and the slope 1.144 at 0', () => {
  const x = tensor([1, 0], { dtype: 'float64' }).requireGrad();
  const y = scaledTanh(x);
  expect(y.toArray()[0]).toBeCloseTo(1.000056, 6);
  y.sum().backward();
  expect(x.grad?.toArray()[1]).toBeCloseTo(1.144, 12);
});
