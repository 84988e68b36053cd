import { cummin, grad, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { running, runningErrors, runningSamples } from '../../scan.js';

spec('cummin', (x: Tensor, axis: number) => cummin(x, axis).values, {
  reference: running((values) => Math.min(...values)),
  samples: [
    ...runningSamples,
    { operands: [{ shape: [4], values: [1, Number.NaN, 5, 0] }], args: [0], smooth: false },
    { operands: [{ shape: [9], dtype: 'int32' }], args: [0] },
    { operands: [{ shape: [9], dtype: 'uint8' }], args: [0] },
    { operands: [{ shape: [9], dtype: 'bool' }], args: [0] },
  ],
  errors: runningErrors('cummin', cummin),
});
spec('cummin and its positions', (x: Tensor, axis: number) => cummin(x, axis).indices, {
  reference: running((values) => values.reduce((best, x, i) => (x <= values[best] ? i : best), 0)),
  samples: [...runningSamples, { operands: [{ shape: [67], dtype: 'int32' }], args: [0] }],
  differentiable: false,
});

describe.each(engines)('cummin on $name', ({ use }) => {
  it('gives the gradient to the last one of equals', () => {
    use();
    const gradient = grad((x) => cummin(x, 0).values.sum());
    expect(gradient(tensor([2, 2, 2])).toArray()).toEqual([1, 1, 1]);
    expect(gradient(tensor([1, 1, 3])).toArray()).toEqual([1, 2, 0]);
  });

  it('stays at the last NaN', () => {
    use();
    expect(cummin(tensor([1, NaN, 5, NaN, 0]), 0).indices.toArray()).toEqual([0, 1, 1, 3, 3]);
  });
});
