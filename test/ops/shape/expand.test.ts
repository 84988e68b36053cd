import { expand, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { broadcasting, engines, type Plain, spec } from '../../harness.js';

const reference = ([x]: Plain[], shape: number[]): Plain =>
  broadcasting((value) => value)([x, { shape, data: new Array(shape.reduce((a, b) => a * b, 1)).fill(0) }]);

spec('expand', expand, {
  reference,
  samples: [
    { operands: [{ shape: [] }], args: [[3]] },
    { operands: [{ shape: [3] }], args: [[2, 3]] },
    { operands: [{ shape: [3, 1] }], args: [[3, 4]] },
    { operands: [{ shape: [2, 1, 3] }], args: [[2, 2, 5, 3]] },
    { operands: [{ shape: [1] }], args: [[0]] },
    { operands: [{ shape: [2, 3] }], args: [[2, 3]] },
  ],
  errors: [
    {
      call: () => expand(zeros([2, 3]), [4, 3]),
      says: 'expand: [2, 3] cannot be repeated to [4, 3]: aligned at the right, each dimension must be equal or 1',
    },
    {
      call: () => expand(zeros([2, 3]), [3]),
      says: 'expand: [2, 3] cannot be repeated to [3]: aligned at the right, each dimension must be equal or 1',
    },
    {
      call: () => expand(zeros([1]), [-1]),
      says: 'expand: a dimension must be a whole number ≥ 0; got -1 in [-1]',
    },
  ],
});

describe.each(engines)('expand on $name', ({ use }) => {
  it('is a view of any dtype', () => {
    use();
    for (const dtype of ['bool', 'uint8', 'int32', 'bfloat16', 'float64'] as const) {
      const x = tensor([1, 0], { dtype });
      const y = expand(x, [2, 2]);
      expect(y.storage).toBe(x.storage);
      expect(y.to('int32').toArray()).toEqual([
        [1, 0],
        [1, 0],
      ]);
    }
  });
});
