import { groupedSoftmax, ones } from 'adjoint';
import { type Plain, spec } from '../../harness.js';

/** Groups along the last axis. */
const inGroups = ([x]: Plain[], sizes: number | number[]): Plain => {
  const width = x.shape[x.shape.length - 1];
  const ends =
    typeof sizes === 'number' ? Array.from({ length: Math.ceil(width / sizes) }, (_, i) => (i + 1) * sizes) : [];
  const bounds =
    typeof sizes === 'number' ? ends : sizes.map((_, i) => sizes.slice(0, i + 1).reduce((a, b) => a + b, 0));
  const groupOf = (column: number): number => bounds.findIndex((end) => column < end);
  const data = x.data.map((v, i) => {
    const row = i - (i % width);
    const fellows = x.data.slice(row, row + width).filter((_, column) => groupOf(column) === groupOf(i % width));
    return Math.exp(v) / fellows.reduce((sum, w) => sum + Math.exp(w), 0);
  });
  return { shape: x.shape, data };
};

spec('groupedSoftmax', groupedSoftmax as never, {
  reference: inGroups,
  samples: [
    { operands: [{ shape: [5] }], args: [[2, 3]] },
    { operands: [{ shape: [3, 5] }], args: [[1, 3, 1]] },
    { operands: [{ shape: [2, 3, 5] }], args: [2] },
    { operands: [{ shape: [0, 4] }], args: [2] },
  ],
  errors: [
    {
      call: () => groupedSoftmax(ones([3, 5]), [2, 2]),
      says: 'split: sizes [2, 2] must add up to 5, axis 1 of shape [3, 5]',
    },
    {
      call: () => groupedSoftmax(ones([3, 5]), 2, 2),
      says: 'groupedSoftmax: axis 2 of a tensor with 2 axes; must be within -2 … 1',
    },
  ],
});
