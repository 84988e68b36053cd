import { tril, triu, zeros } from 'adjoint';
import { at, build } from '../../axes.js';
import { type Plain, type Sample, spec } from '../../harness.js';

const triangle =
  (keeps: (row: number, column: number) => boolean) =>
  ([x]: Plain[], diagonal = 0): Plain =>
    build(x.shape, (index) => {
      const [row, column] = index.slice(-2);
      return keeps(row + diagonal, column) ? at(x, index) : 0;
    });

const samples: Sample[] = [
  { operands: [{ shape: [3, 3] }] },
  { operands: [{ shape: [3, 5] }], args: [1] },
  { operands: [{ shape: [5, 3] }], args: [-1] },
  { operands: [{ shape: [2, 3, 3] }], args: [-9] },
  { operands: [{ shape: [0, 3] }] },
  { operands: [{ shape: [3, 3], dtype: 'int32' }] },
  { operands: [{ shape: [3, 3], dtype: 'bool' }] },
];

spec('tril', tril, {
  reference: triangle((row, column) => column <= row),
  samples,
  errors: [
    {
      call: () => tril(zeros([3])),
      says: 'tril: a tensor with at least two axes is needed; got shape [3]',
    },
    { call: () => tril(zeros([3, 3]), 0.5), says: 'tril: diagonal must be a whole number; got 0.5' },
  ],
});
spec('triu', triu, { reference: triangle((row, column) => column >= row), samples });
