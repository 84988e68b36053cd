import { digamma, polygamma, type Tensor, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { elementwise, type Sample, spec, unarySamples } from '../../harness.js';
import { polygammaSum } from '../../statistics.js';

const withOrder = (order: number, samples: Sample[]): Sample[] =>
  samples.map((sample) => ({ ...sample, args: [order] }));

spec('polygamma', (x: Tensor, order: number) => polygamma(order, x), {
  reference: ([x], order: number) => elementwise((v) => polygammaSum(order, v))([x]),
  samples: [
    ...withOrder(1, unarySamples([1, 4])),
    ...withOrder(2, unarySamples([1.5, 3]).slice(0, 4)),
    ...withOrder(1, [{ operands: [{ shape: [9], range: [-1.7, -1.3] }] }]),
    ...withOrder(4, [{ operands: [{ shape: [9], range: [20, 60] }] }]),
  ],
  errors: [{ call: () => polygamma(-1, tensor([1])), says: 'polygamma: order must be a whole number ≥ 0; got -1' }],
});

it('polygamma of order 0 is digamma, and the ends are as they should be', () => {
  const x = tensor([0.5, 3, -1.5]);
  expect(polygamma(0, x).data()).toEqual(digamma(x).data());
  const ends = tensor([0, -0, -3, Infinity, -Infinity, NaN, 1e300], { dtype: 'float64' });
  expect([...polygamma(1, ends).data()]).toEqual([Infinity, Infinity, Infinity, 0, NaN, NaN, 1e-300]);
  expect([...polygamma(2, ends).slice([0, 4]).data()]).toEqual([-Infinity, -Infinity, -Infinity, -0]);
  expect(polygamma(1, tensor([1, 2], { dtype: 'int32' })).dtype).toBe('float32');
});
