import { flatten, zeros } from 'adjoint';
import { type Plain, spec } from '../../harness.js';

spec('flatten', flatten, {
  reference: ([x]: Plain[], start = 0, end = -1): Plain => {
    if (x.shape.length === 0) return { shape: [1], data: x.data };
    const last = end < 0 ? end + x.shape.length : end;
    const joined = x.shape.slice(start, last + 1).reduce((a, b) => a * b, 1);
    return { shape: [...x.shape.slice(0, start), joined, ...x.shape.slice(last + 1)], data: x.data };
  },
  samples: [
    { operands: [{ shape: [] }] },
    { operands: [{ shape: [3] }] },
    { operands: [{ shape: [2, 3, 4] }] },
    { operands: [{ shape: [2, 3, 4] }], args: [1] },
    { operands: [{ shape: [2, 3, 4] }], args: [0, 1] },
    { operands: [{ shape: [2, 0, 4] }], args: [1, 2] },
  ],
  errors: [
    { call: () => flatten(zeros([2, 3]), 1, 0), says: 'flatten: startAxis 1 must not come after endAxis 0' },
    {
      call: () => flatten(zeros([2, 3]), 2),
      says: 'flatten: axis 2 of a tensor with 2 axes; must be within -2 … 1',
    },
  ],
});
