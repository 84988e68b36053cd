import { kron, linalg, outer, type Tensor, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { at, build } from '../../axes.js';
import { spec } from '../../harness.js';
import { multiplied } from '../../linalg.js';

spec('outer', outer, {
  reference: ([a, b]) => build([a.shape[0], b.shape[0]], ([i, j]) => a.data[i] * b.data[j]),
  samples: [
    [3, 4],
    [1, 5],
    [0, 2],
  ].map(([m, n]) => ({ operands: [{ shape: [m] }, { shape: [n] }], smooth: m > 0 })),
  errors: [
    {
      call: () => outer(zeros([2, 3]) as Tensor, zeros([4])),
      says: 'outer: two vectors are needed; got [2, 3] and [4]',
    },
  ],
});

spec('kron', kron, {
  reference: ([a, b]) => {
    const rank = Math.max(a.shape.length, b.shape.length);
    const [p, q] = [a, b].map((x) => ({ shape: [...Array(rank - x.shape.length).fill(1), ...x.shape], data: x.data }));
    return build(
      p.shape.map((size, i) => size * q.shape[i]),
      (index) =>
        at(
          p,
          index.map((k, i) => Math.floor(k / q.shape[i])),
        ) *
        at(
          q,
          index.map((k, i) => k % q.shape[i]),
        ),
    );
  },
  samples: [
    { operands: [{ shape: [2, 2] }, { shape: [1, 3] }] },
    { operands: [{ shape: [2] }, { shape: [2, 3] }] },
    { operands: [{ shape: [2, 1, 2] }, { shape: [3] }] },
  ],
});

spec('cross', linalg.cross, {
  reference: ([a, b], axis = -1) => {
    const [x, y] =
      a.shape.length > b.shape.length
        ? [a, { shape: a.shape, data: a.shape.length === 2 ? [...b.data, ...b.data] : b.data }]
        : [a, b];
    const along = axis < 0 ? axis + x.shape.length : axis;
    return build(x.shape, (index) => {
      const [j, k] = [(index[along] + 1) % 3, (index[along] + 2) % 3];
      const [first, second] = [index.with(along, j), index.with(along, k)];
      return at(x, first) * at(y, second) - at(x, second) * at(y, first);
    });
  },
  samples: [
    { operands: [{ shape: [3] }, { shape: [3] }] },
    { operands: [{ shape: [3, 2] }, { shape: [3, 2] }], args: [0] },
    { operands: [{ shape: [2, 3] }, { shape: [3] }] },
  ],
  slack: 4,
  errors: [
    {
      call: () => linalg.cross(zeros([2, 4]), zeros([2, 4])),
      says: 'cross: axis 1 must have 3 elements; got shapes [2, 4] and [2, 4]',
    },
  ],
});

spec('multiDot', (...matrices: Tensor[]) => linalg.multiDot(matrices), {
  reference: (matrices) => {
    const last = matrices.length - 1;
    const rows = matrices.map(({ shape, data }, i) => {
      const [m, n] = shape.length === 2 ? shape : i === 0 ? [1, shape[0]] : [shape[0], 1];
      return Array.from({ length: m }, (_, k) => data.slice(k * n, (k + 1) * n));
    });
    const product = rows.reduce(multiplied);
    const shape = [product.length, product[0].length].filter((_, i) => matrices[i === 0 ? 0 : last].shape.length === 2);
    return { shape, data: product.flat() };
  },
  samples: [
    [
      [2, 3],
      [3, 2],
    ],
    [
      [3, 1],
      [1, 4],
      [4, 2],
      [2, 1],
    ],
    [[3], [3, 2], [2]],
    [[1, 3], [3, 2], [2]],
  ].map((shapes) => ({ operands: shapes.map((shape) => ({ shape })) })),
  slack: 8,
  errors: [
    { call: () => linalg.multiDot([zeros([2, 2])]), says: 'multiDot: at least two matrices are needed; got 1' },
    {
      call: () => linalg.multiDot([zeros([2, 3]), zeros([3]), zeros([3, 2])]),
      says: 'multiDot: matrix 1 must have two axes; got [3]',
    },
  ],
});

it('outer multiplies integers', () => {
  expect(outer(tensor(Int32Array.of(1, 2)), tensor(Int32Array.of(3, 4))).toArray()).toEqual([
    [3, 4],
    [6, 8],
  ]);
});
