import { linalg, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { expectNear, floats, gauss, matrices, randomMatrix, regular, regularRows } from '../../linalg.js';

const options = [{ upper: false }, { upper: true }, { upper: true, unitriangular: true }];

spec('solveTriangular', (a: Tensor, b: Tensor, options) => linalg.solveTriangular(regular(a), b, options), {
  reference: ([a, b], { upper, unitriangular }) => {
    const right = matrices(b);
    const data = matrices(a).flatMap((rows, k) => {
      const triangle = regularRows(rows).map((row, i) =>
        row.map((x, j) => (i === j ? (unitriangular ? 1 : x) : j > i === upper ? x : 0)),
      );
      return gauss(triangle, right[k % right.length]).flat();
    });
    return { shape: [...a.shape.slice(0, -1), b.shape[b.shape.length - 1]], data };
  },
  samples: options.flatMap((args) => [
    { operands: [{ shape: [3, 3] }, { shape: [3, 2] }], args: [args] },
    { operands: [{ shape: [2, 3, 3] }, { shape: [3, 1] }], args: [args] },
  ]),
  slack: 8,
  errors: [
    {
      call: () => linalg.solveTriangular(zeros([2, 2]), zeros([3, 1]), { upper: true }),
      says: 'solveTriangular: a [2, 2] needs as many rows in b; got [3, 1]',
    },
    {
      call: () => linalg.solveTriangular(zeros([2, 3]), zeros([2, 1]), { upper: true }),
      says: 'solveTriangular: square matrices are needed; got shape [2, 3]',
    },
  ],
});

describe.each(engines)('solveTriangular on $name', ({ use }) => {
  it('takes sizes beyond a block, either triangle, and reads no other', () => {
    use();
    for (const n of [1, 31, 32, 33, 75]) {
      for (const dtype of floats) {
        const a = randomMatrix([2, n, n], n, dtype).mul(0.5 / n) as Tensor;
        const full = regular(a);
        const x = randomMatrix([2, n, 5], 2, dtype);
        for (const [upper, triangle] of [
          [false, full.tril()],
          [true, full.triu()],
        ] as [boolean, Tensor][]) {
          const b = triangle.matmul(x) as Tensor;
          expectNear(linalg.solveTriangular(full, b, { upper }), x, 64, `${n} ${dtype} ${upper}`);
        }
      }
    }
    const half = tensor([
      [2, NaN],
      [1, 4],
    ]);
    expect(linalg.solveTriangular(half, tensor([[2], [9]]), { upper: false }).toArray()).toEqual([[1], [2]]);
  });

  it('divides by a diagonal that is 0', () => {
    use();
    expect(linalg.solveTriangular(zeros([1, 1]), tensor([[3]]), { upper: true }).item()).toBe(Infinity);
  });
});
