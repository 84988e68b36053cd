import { argmax, argmin, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { reducing, reductionSamples } from '../axes.js';
import { engines, type Sample, spec } from '../harness.js';

/** The first position that no other is better than; NaN is better than all. */
const position =
  (better: (a: number, b: number) => boolean) =>
  (values: number[]): number =>
    values.reduce((best, x, i) => (better(x, values[best]) && !Number.isNaN(values[best]) ? i : best), 0);

const samples: Sample[] = [
  ...reductionSamples(),
  { operands: [{ shape: [3, 5], dtype: 'int32' }], args: [1] },
  { operands: [{ shape: [40], dtype: 'uint8' }], args: [0] },
  { operands: [{ shape: [4], values: [1, Number.NaN, 5, Number.NaN] }] },
  { operands: [{ shape: [3], values: [-Infinity, -Infinity, -Infinity] }] },
];

spec('argmax', argmax, {
  reference: reducing(position((a, b) => a > b || Number.isNaN(a))),
  samples,
  differentiable: false,
  errors: [
    {
      call: () => argmax(zeros([2, 0]), 1),
      says: 'argmax: there is none of zero elements; got shape [2, 0], axes [1]; check that the input is not empty',
    },
  ],
});
spec('argmin', argmin, {
  reference: reducing(position((a, b) => a < b || Number.isNaN(a))),
  samples,
  differentiable: false,
});

describe.each(engines)('argmax on $name', ({ use }) => {
  it('gives int32 and takes bfloat16', () => {
    use();
    const y = argmax(tensor([1, 3, 2], { dtype: 'bfloat16' }));
    expect([y.dtype, y.item()]).toEqual(['int32', 1]);
  });
});
