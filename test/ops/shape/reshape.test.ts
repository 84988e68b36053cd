import { reshape, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, type Plain, spec } from '../../harness.js';

const reference = ([x]: Plain[], shape: number[]): Plain => {
  const known = shape.filter((d) => d !== -1).reduce((a, b) => a * b, 1);
  return { shape: shape.map((d) => (d === -1 ? x.data.length / known : d)), data: x.data };
};

spec('reshape', reshape, {
  reference,
  samples: (
    [
      [[], [1]],
      [[], []],
      [[1, 1], []],
      [[6], [2, 3]],
      [
        [2, 3],
        [3, 2],
      ],
      [
        [2, 3, 4],
        [6, 4],
      ],
      [
        [2, 3, 4],
        [2, -1],
      ],
      [
        [2, 3, 4],
        [4, 1, 3, 2, 1],
      ],
      [
        [4, 6],
        [2, 2, 3, 2],
      ],
      [
        [0, 3],
        [3, 0],
      ],
      [
        [1, 2, 1, 3],
        [2, 3],
      ],
      [[8], [2, 2, 2]],
      // Laid out in another way, the axes around that of size 1 do not join.
      [[2, 1, 2], [4]],
    ] as [number[], number[]][]
  ).map(([shape, to]) => ({ operands: [{ shape }], args: [to] })),
  errors: [
    {
      call: () => reshape(zeros([2, 3]), [4]),
      says: 'reshape: [2, 3] has 6 elements, [4] has 4; they must be equal (one dimension may be -1)',
    },
    {
      call: () => reshape(zeros([2, 3]), [4, -1]),
      says: 'reshape: [2, 3] has 6 elements, which 4 does not divide, in [4, -1]',
    },
    {
      call: () => reshape(zeros([2, 3]), [-1, -1]),
      says: 'reshape: one dimension may be -1; got [-1, -1]',
    },
  ],
});

describe.each(engines)('reshape on $name', ({ use }) => {
  it('is a view where the strides allow it, else a copy', () => {
    use();
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(reshape(x, [6]).storage).toBe(x.storage);
    const columns: Tensor = x.transpose();
    expect(reshape(columns, [3, 1, 2]).storage).toBe(x.storage);
    const flat = reshape(columns, [6]);
    expect(flat.storage).not.toBe(x.storage);
    expect(flat.toArray()).toEqual([1, 4, 2, 5, 3, 6]);
  });
});
