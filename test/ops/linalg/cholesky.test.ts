import { eye, linalg, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { eachMatrix, expectNear, floats, gauss, matrices, multiplied, randomMatrix, transposed } from '../../linalg.js';

/** a aᵀ + 1 */
const definite = (a: Tensor): Tensor =>
  a.matmul(a.transpose()).add(eye(a.shape[a.rank - 2], { dtype: a.dtype })) as Tensor;
const definiteRows = (rows: number[][]): number[][] =>
  multiplied(rows, transposed(rows)).map((row, i) => row.map((x, j) => (i === j ? x + 1 : x)));

/** By columns, from the definition. */
function factor(rows: number[][]): number[] {
  const n = rows.length;
  const l = rows.map((row) => row.map(() => 0));
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      const rest = rows[i][j] - l[i].slice(0, j).reduce((sum, x, k) => sum + x * l[j][k], 0);
      l[i][j] = i === j ? Math.sqrt(rest) : rest / l[j][j];
    }
  }
  return l.flat();
}

spec('cholesky', (a: Tensor) => linalg.cholesky(definite(a)), {
  reference: eachMatrix(
    (m) => [m, m],
    (rows) => factor(definiteRows(rows)),
  ),
  samples: [
    [1, 1],
    [3, 3],
    [2, 3, 3],
    [2, 0, 3, 3],
  ].map((shape) => ({
    operands: [{ shape }],
    smooth: !shape.includes(0),
  })),
  slack: 8,
  errors: [
    {
      call: () =>
        linalg.cholesky(
          tensor([
            [
              [1, 0],
              [0, 1],
            ],
            [
              [1, 2],
              [2, 1],
            ],
          ]),
        ),
      says: 'cholesky: a matrix must be positive definite; got a number ≤ 0 for pivot 2 of matrix [1] of [2, 2, 2]; add a multiple of the unit matrix, or use eigh',
    },
    { call: () => linalg.cholesky(zeros([2, 3])), says: 'cholesky: square matrices are needed; got shape [2, 3]' },
  ],
});

spec('choleskySolve', (b: Tensor, a: Tensor) => linalg.choleskySolve(b, linalg.cholesky(definite(a))), {
  reference: ([b, a]) => {
    const right = matrices(b);
    const data = matrices(a).flatMap((rows, k) => gauss(definiteRows(rows), right[k % right.length]).flat());
    return { shape: [...a.shape.slice(0, -1), b.shape[b.shape.length - 1]], data };
  },
  samples: [
    { operands: [{ shape: [3, 2] }, { shape: [3, 3] }] },
    { operands: [{ shape: [2, 1] }, { shape: [2, 2, 2] }] },
  ],
  slack: 16,
  errors: [
    {
      call: () => linalg.choleskySolve(zeros([3, 1]), zeros([2, 2])),
      says: 'choleskySolve: a [2, 2] needs as many rows in b; got [3, 1]',
    },
  ],
});

describe.each(engines)('cholesky on $name', ({ name, use }) => {
  it('gives a lower triangle whose square is the matrix, of any size and scale', () => {
    use();
    for (const n of [1, 31, 33, 70, ...(name === 'reference' ? [] : [200])]) {
      for (const dtype of floats) {
        for (const scale of dtype === 'float32' ? [1, 1e-37, 1e35] : [1, 1e-300, 1e300]) {
          const a = definite(randomMatrix([2, n, n], n))
            .mul(scale)
            .to(dtype) as Tensor;
          const l = linalg.cholesky(a);
          expectNear(l.matmul(l.transpose()) as Tensor, a, 4 * n, `${n} ${dtype} ${scale}`);
          expect(l.tril().sub(l).abs().sum().item()).toBe(0);
        }
      }
    }
  });

  it('solves by the upper factor too, and reads the symmetric part', () => {
    use();
    const a = definite(randomMatrix([3, 3], 1));
    const b = randomMatrix([3, 2], 2);
    const l = linalg.cholesky(a);
    expectNear(linalg.choleskySolve(b, l.transpose(), { upper: true }), linalg.solve(a, b), 64, 'upper');
    const skew = tensor(
      [
        [0, 1, 2],
        [-1, 0, 3],
        [-2, -3, 0],
      ],
      { dtype: 'float64' },
    );
    expectNear(linalg.cholesky(a.add(skew) as Tensor), l, 8, 'symmetric part');
    expect(linalg.cholesky(tensor([[NaN]])).item()).toBe(NaN);
  });
});
