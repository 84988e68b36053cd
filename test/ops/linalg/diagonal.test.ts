import { linalg, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { at, build } from '../../axes.js';
import { spec } from '../../harness.js';

spec('diagonal', linalg.diagonal, {
  reference: ([x], offset = 0, first = -2, second = -1) => {
    const rank = x.shape.length;
    const [i, j] = [first < 0 ? first + rank : first, second < 0 ? second + rank : second];
    const others = x.shape.filter((_, axis) => axis !== i && axis !== j);
    const length = Math.max(0, Math.min(x.shape[i] + Math.min(0, offset), x.shape[j] - Math.max(0, offset)));
    return build([...others, length], (index) => {
      const rest = index.slice(0, -1);
      const k = index[index.length - 1];
      return at(
        x,
        x.shape.map((_, axis) => {
          if (axis === i) return k - Math.min(0, offset);
          return axis === j ? k + Math.max(0, offset) : (rest.shift() as number);
        }),
      );
    });
  },
  samples: [
    { operands: [{ shape: [3, 3] }] },
    { operands: [{ shape: [2, 3, 5] }], args: [1] },
    { operands: [{ shape: [2, 5, 3] }], args: [-2] },
    { operands: [{ shape: [3, 2, 4] }], args: [0, 0, 2] },
    { operands: [{ shape: [3, 3] }], args: [5], smooth: false },
    { operands: [{ shape: [3, 3], dtype: 'int32' }] },
  ],
  errors: [
    {
      call: () => linalg.diagonal(zeros([2, 3]), 0, 1, 1),
      says: 'diagonal: two different axes are needed; got 1 and 1 of shape [2, 3]',
    },
    { call: () => linalg.diagonal(zeros([2, 3]), 0.5), says: 'diagonal: offset must be a whole number; got 0.5' },
    {
      call: () => linalg.diagonal(zeros([2])),
      says: 'diagonal: matrices are needed, at least two axes; got shape [2]',
    },
  ],
});

spec('diag', linalg.diag, {
  reference: ([x], offset = 0) => {
    const n = x.shape[0] + Math.abs(offset);
    return build([n, n], ([i, j]) => (j - i === offset ? x.data[offset < 0 ? j : i] : 0));
  },
  samples: [[3], [3, 1], [3, -2]].map(([n, offset]) => ({ operands: [{ shape: [n] }], args: offset ? [offset] : [] })),
});

it('diag takes the diagonal of a matrix', () => {
  expect(
    linalg
      .diag(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      )
      .toArray(),
  ).toEqual([1, 4]);
  expect(
    linalg
      .diag(
        tensor([
          [1, 2],
          [3, 4],
        ]),
        1,
      )
      .toArray(),
  ).toEqual([2]);
});

spec('trace', linalg.trace, {
  reference: ([x]) => {
    const [m, n] = x.shape.slice(-2);
    return build(x.shape.slice(0, -2), (index) => {
      let total = 0;
      for (let i = 0; i < Math.min(m, n); i++) total += at(x, [...index, i, i]);
      return total;
    });
  },
  samples: [
    [3, 3],
    [2, 3, 5],
    [0, 0],
  ].map((shape) => ({ operands: [{ shape }], smooth: !shape.includes(0) })),
  slack: 4,
  errors: [
    { call: () => linalg.trace(zeros([3])), says: 'trace: matrices are needed, at least two axes; got shape [3]' },
  ],
});
