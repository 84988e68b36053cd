import { grad, max, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { axisErrors, largeReductionSamples, reducing, reductionSamples } from '../../reduction.js';

const reference = reducing((values) => Math.max(...values));

spec('max', max, {
  reference,
  samples: reductionSamples({ ofNone: false }),
  errors: [
    ...axisErrors('max', max, tensor([[1, 2]])),
    {
      call: () => max(tensor([[], []]), 1),
      says: 'max: there is none of zero elements; got shape [2, 0], axes [1]; check that the input is not empty',
    },
  ],
});
spec('max of many', max, {
  reference: reducing((values) => values.reduce((a, b) => Math.max(a, b))),
  samples: largeReductionSamples(),
  differentiable: 'elsewhere',
});

describe.each(engines)('max on $name', ({ use }) => {
  it('is NaN where one is NaN, and knows infinities', () => {
    use();
    const rows = tensor([
      [1, NaN, 3],
      [-Infinity, -Infinity, -Infinity],
      [Infinity, 1, -Infinity],
    ]);
    const expected = [NaN, -Infinity, Infinity];
    expect(max(rows, 1).toArray()).toEqual(expected);
    expect(max(rows.transpose().contiguous(), 0).toArray()).toEqual(expected);
  });

  it('keeps every dtype', () => {
    use();
    for (const dtype of ['bool', 'uint8', 'int32', 'bfloat16', 'float32', 'float64'] as const) {
      const y = max(tensor([1, 0, 1], { dtype }));
      expect(y.dtype).toBe(dtype);
      expect(Number(y.item())).toBe(Math.max(1, 0));
    }
    expect(max(tensor([3, 200, 100], { dtype: 'uint8' })).item()).toBe(Math.max(3, 200, 100));
    expect(max(tensor([-(2 ** 31), 2 ** 31 - 1], { dtype: 'int32' })).item()).toBe(Math.max(-(2 ** 31), 2 ** 31 - 1));
  });

  it('shares the gradient among equals', () => {
    use();
    const f = (x: Tensor): Tensor => max(x);
    expect(grad(f)(tensor([2, 2, 2, 2])).toArray()).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});
