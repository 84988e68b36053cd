import { glu, ones } from 'adjoint';
import { type Plain, spec } from '../../harness.js';

/** Along the axis whose inner size is given. */
const halves = ([x]: Plain[], axis = -1): Plain => {
  const at = (axis + x.shape.length) % x.shape.length;
  const half = x.shape[at] / 2;
  const inner = x.shape.slice(at + 1).reduce((a, b) => a * b, 1);
  const shape = x.shape.map((size, i) => (i === at ? half : size));
  const data = Array.from({ length: x.data.length / 2 }, (_, i) => {
    const block = Math.floor(i / (half * inner));
    const first = block * 2 * half * inner + (i % (half * inner));
    return x.data[first] / (1 + Math.exp(-x.data[first + half * inner]));
  });
  return { shape, data };
};

spec('glu', glu, {
  reference: halves,
  samples: [
    { operands: [{ shape: [2] }] },
    { operands: [{ shape: [3, 4] }] },
    { operands: [{ shape: [2, 4, 3] }], args: [1] },
    { operands: [{ shape: [0, 4] }] },
  ],
  errors: [
    { call: () => glu(ones([2, 3])), says: 'glu: the size of axis 1 must be even; got 3 of x [2, 3]' },
    { call: () => glu(ones([2, 3]), 2), says: 'glu: axis 2 of a tensor with 2 axes; must be within -2 … 1' },
  ],
});
