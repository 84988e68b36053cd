import { capture, type DType, type Tensor, tensor, unique, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../../harness.js';

describe.each(engines)('unique on $name', ({ use }) => {
  it('gives each value once, how often, and how to put them together', () => {
    use();
    for (const dtype of ['int32', 'uint8', 'float32', 'float64', 'bfloat16'] as DType[]) {
      const x = tensor([
        [3, 1, 2],
        [1, 3, 3],
      ]).to(dtype);
      const { values, inverse, counts } = unique(x);
      expect([values.dtype, values.toArray(), counts.toArray()]).toEqual([dtype, [1, 2, 3], [2, 1, 3]]);
      expect(inverse.toArray()).toEqual([
        [2, 0, 1],
        [0, 2, 2],
      ]);
      const again = values.indexSelect(0, inverse.reshape([6])).reshape([2, 3]);
      expect(again.toArray()).toEqual(x.toArray());
    }
    expect(unique(tensor([true, false, true])).values.toArray()).toEqual([false, true]);
  });

  it('counts each NaN by itself, −0 as 0, and nothing as nothing', () => {
    use();
    const { values, counts } = unique(tensor([Number.NaN, 0, -0, Number.NaN, 1]));
    expect(values.toArray()).toEqual([0, 1, Number.NaN, Number.NaN]);
    expect(counts.toArray()).toEqual([2, 1, 1, 1]);
    const empty = unique(zeros([0, 3]));
    expect([empty.values.shape, empty.inverse.shape, empty.counts.shape]).toEqual([[0], [0, 3], [0]]);
  });

  it('has no gradient, and cannot be captured', () => {
    use();
    expect(unique(tensor([1, 2]).requireGrad()).values.node).toBeNull();
    expect(() => capture((x: Tensor) => unique(x).values)(tensor([1]))).toThrow(
      /^capture: a captured step cannot read a value in JavaScript; got unique\(\) at /,
    );
  });
});
