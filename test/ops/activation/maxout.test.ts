import { maxout, ones } from 'adjoint';
import { type Plain, spec } from '../../harness.js';

const largest = ([x]: Plain[], pieces: number, axis = 1): Plain => {
  const shape = x.shape.map((size, i) => (i === axis ? size / pieces : size));
  const inner = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const data = Array.from({ length: x.data.length / pieces }, (_, i) => {
    const group = Math.floor(i / inner) * pieces * inner + (i % inner);
    return Math.max(...Array.from({ length: pieces }, (_, j) => x.data[group + j * inner]));
  });
  return { shape, data };
};

spec('maxout', maxout, {
  reference: largest,
  samples: [
    { operands: [{ shape: [2, 6] }], args: [3] },
    { operands: [{ shape: [4, 3] }], args: [2, 0] },
    { operands: [{ shape: [2, 4, 3] }], args: [2] },
    { operands: [{ shape: [0, 4] }], args: [2] },
    { operands: [{ shape: [6], dtype: 'int32' }], args: [2, 0] },
  ],
  errors: [
    {
      call: () => maxout(ones([2, 3]), 2),
      says: 'maxout: pieces must divide the size of axis 1; got 2 for 3 of x [2, 3]',
    },
    { call: () => maxout(ones([2, 4]), 0), says: 'maxout: pieces must be a whole number ≥ 1; got 0' },
  ],
});
