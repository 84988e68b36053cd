import { gather, ones, scatterAdd, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { at, build, flatOf, indices } from '../../axes.js';
import { engines, type Plain, spec } from '../../harness.js';

const int = (...values: number[]): Tensor<any, 'int32'> => tensor(values, { dtype: 'int32' });

spec('gather', (x, index, axis) => gather(x, axis, index), {
  reference: ([x, index]: Plain[], axis: number): Plain => build(index.shape, (i) => at(x, i.with(axis, at(index, i)))),
  samples: [
    { operands: [{ shape: [5] }, { shape: [7], dtype: 'int32', range: [0, 4] }], args: [0] },
    { operands: [{ shape: [3, 5] }, { shape: [3, 2], dtype: 'int32', range: [0, 4] }], args: [1] },
    { operands: [{ shape: [3, 5] }, { shape: [4, 5], dtype: 'int32', range: [0, 2] }], args: [0] },
    { operands: [{ shape: [3, 5] }, { shape: [2, 3], dtype: 'int32', range: [0, 2] }], args: [0] },
    { operands: [{ shape: [2, 3, 4] }, { shape: [2, 5, 3], dtype: 'int32', range: [0, 2] }], args: [1] },
    { operands: [{ shape: [3, 5] }, { shape: [3, 0], dtype: 'int32' }], args: [1] },
    { operands: [{ shape: [0] }, { shape: [0], dtype: 'int32' }], args: [0] },
    {
      operands: [
        { shape: [5], dtype: 'bool' },
        { shape: [7], dtype: 'int32', range: [0, 4] },
      ],
      args: [0],
    },
    {
      operands: [
        { shape: [5], dtype: 'uint8' },
        { shape: [7], dtype: 'int32', range: [0, 4] },
      ],
      args: [0],
    },
  ],
  errors: [
    {
      call: () => gather(zeros([3, 5]), 1, int(0, 1, 7, 0).reshape([2, 2])),
      says: 'gather: index 7 at [1, 0] must be within 0 … 4, axis 1 of shape [3, 5]',
    },
    {
      call: () => gather(zeros([3]), 0, int(-1)),
      says: 'gather: index -1 at [0] must be within 0 … 2, axis 0 of shape [3]',
    },
    {
      call: () => gather(zeros([3, 5]), 1, int(0)),
      says: 'gather: index [1] must have the rank of [3, 5] and fit into it but for axis 1',
    },
    {
      call: () => gather(zeros([3, 5]), 1, int(0, 0, 0, 0).reshape([4, 1])),
      says: 'gather: index [4, 1] must have the rank of [3, 5] and fit into it but for axis 1',
    },
    {
      call: () => gather(zeros([3]), 0, zeros([1]) as Tensor),
      says: "gather: indices must be int32; got float32; convert with to('int32')",
    },
  ],
});

spec('scatterAdd', (x, source, index, axis) => scatterAdd(x, axis, index, source), {
  reference: ([x, source, index]: Plain[], axis: number): Plain => {
    const data = [...x.data];
    for (const i of indices(index.shape)) data[flatOf(i.with(axis, at(index, i)), x.shape)] += at(source, i);
    return { shape: x.shape, data };
  },
  samples: [
    { operands: [{ shape: [5] }, { shape: [7] }, { shape: [7], dtype: 'int32', range: [0, 4] }], args: [0] },
    { operands: [{ shape: [3, 5] }, { shape: [3, 9] }, { shape: [3, 9], dtype: 'int32', range: [0, 4] }], args: [1] },
    { operands: [{ shape: [3, 5] }, { shape: [4, 6] }, { shape: [4, 2], dtype: 'int32', range: [0, 2] }], args: [0] },
    { operands: [{ shape: [2] }, { shape: [0] }, { shape: [0], dtype: 'int32' }], args: [0] },
    {
      operands: [
        { shape: [4], dtype: 'int32' },
        { shape: [6], dtype: 'int32' },
        { shape: [6], dtype: 'int32', range: [0, 3] },
      ],
      args: [0],
    },
  ],
  // Up to seven numbers are added to one.
  slack: 4,
  errors: [
    {
      call: () => scatterAdd(zeros([2]), 0, int(2), ones([1])),
      says: 'scatterAdd: index 2 at [0] must be within 0 … 1, axis 0 of shape [2]',
    },
    {
      call: () => scatterAdd(zeros([2]), 0, int(0, 1), ones([1])),
      says: 'scatterAdd: index [2] must have the rank of [1] and fit into it',
    },
    {
      call: () => scatterAdd(zeros([2]), 0, int(0), ones([1], { dtype: 'float64' }) as Tensor),
      says: "scatterAdd: the source must have the tensor's dtype float32; got float64; convert it",
    },
    {
      call: () => scatterAdd(zeros([2], { dtype: 'bool' }), 0, int(0), ones([1], { dtype: 'bool' })),
      says: "scatterAdd: bool has no sums; convert with to('int32')",
    },
  ],
});

describe.each(engines)('scatterAdd on $name', ({ use }) => {
  it('leaves its operand alone and takes bfloat16', () => {
    use();
    const x = zeros([2], { dtype: 'bfloat16' });
    const y = x.scatterAdd(0, int(1, 1), ones([2], { dtype: 'bfloat16' }));
    expect([y.toArray(), x.toArray()]).toEqual([
      [0, 2],
      [0, 0],
    ]);
  });
});
