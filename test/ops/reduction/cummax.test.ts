import { cummax, grad, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { running, runningErrors, runningSamples } from '../../scan.js';

spec('cummax', (x: Tensor, axis: number) => cummax(x, axis).values, {
  reference: running((values) => Math.max(...values)),
  samples: [
    ...runningSamples,
    { operands: [{ shape: [4], values: [1, Number.NaN, 5, 0] }], args: [0], smooth: false },
    { operands: [{ shape: [9], dtype: 'int32' }], args: [0] },
    { operands: [{ shape: [9], dtype: 'uint8' }], args: [0] },
    { operands: [{ shape: [9], dtype: 'bool' }], args: [0] },
  ],
  errors: runningErrors('cummax', cummax),
});
spec('cummax and its positions', (x: Tensor, axis: number) => cummax(x, axis).indices, {
  reference: running((values) => values.reduce((best, x, i) => (x >= values[best] ? i : best), 0)),
  samples: [...runningSamples, { operands: [{ shape: [67], dtype: 'int32' }], args: [0] }],
  differentiable: false,
});

describe.each(engines)('cummax on $name', ({ use }) => {
  it('gives the gradient to the last one of equals', () => {
    use();
    const gradient = grad((x) => cummax(x, 0).values.sum());
    expect(gradient(tensor([2, 2, 2])).toArray()).toEqual([1, 1, 1]);
    expect(gradient(tensor([3, 3, 1])).toArray()).toEqual([1, 2, 0]);
  });

  it('stays at the last NaN', () => {
    use();
    expect(cummax(tensor([1, NaN, 5, NaN, 0]), 0).indices.toArray()).toEqual([0, 1, 1, 3, 3]);
  });
});
