import { eye, linalg, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { gates } from '../../calculus.js';
import { engines, expectClose, type Plain, spec } from '../../harness.js';
import {
  eachMatrix,
  expectNear,
  floats,
  gauss,
  kinds,
  matrices,
  randomMatrix,
  regular,
  regularRows,
} from '../../linalg.js';

/** Of each matrix of a batch, with the right-hand sides of the same place or of the only one. */
const solved = (a: Plain, b: Plain): number[] => {
  const [left, right] = [matrices(a), matrices(b)];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, k) =>
    gauss(regularRows(left[k % left.length]), right[k % right.length]).flat(),
  ).flat();
};

spec('solve', (a: Tensor, b: Tensor) => linalg.solve(regular(a), b), {
  reference: ([a, b]) => {
    const vector = b.shape.length === 1 || `${b.shape}` === `${a.shape.slice(0, -1)}`;
    const columns = vector ? { shape: [...b.shape, 1], data: b.data } : b;
    const lead = a.shape.length > columns.shape.length ? a.shape.slice(0, -2) : columns.shape.slice(0, -2);
    return { shape: [...lead, ...columns.shape.slice(-2, vector ? -1 : undefined)], data: solved(a, columns) };
  },
  samples: [
    { operands: [{ shape: [1, 1] }, { shape: [1, 1] }] },
    { operands: [{ shape: [3, 3] }, { shape: [3, 2] }] },
    { operands: [{ shape: [3, 3] }, { shape: [3] }] },
    { operands: [{ shape: [2, 4, 4] }, { shape: [2, 4, 3] }] },
    { operands: [{ shape: [2, 3, 3] }, { shape: [2, 3] }] },
    { operands: [{ shape: [2, 3, 3] }, { shape: [3, 1] }] },
    { operands: [{ shape: [3, 3] }, { shape: [2, 3, 1] }] },
  ],
  slack: 16,
  errors: [
    {
      call: () =>
        linalg.solve(
          tensor([
            [
              [1, 0],
              [0, 1],
            ],
            [
              [1, 2],
              [2, 4],
            ],
          ]),
          zeros([2, 1]),
        ),
      says: 'solve: a matrix must not be singular; got 0 for pivot 2 of matrix [1] of [2, 2, 2]; use lstsq',
    },
    {
      call: () => linalg.solve(zeros([2, 2]), zeros([3, 1])),
      says: 'solve: a [2, 2] needs as many rows in b; got [3, 1]',
    },
    {
      call: () => linalg.solve(zeros([2, 3]), zeros([2, 1])),
      says: 'solve: square matrices are needed; got shape [2, 3]',
    },
  ],
});

spec('inv', (a: Tensor) => linalg.inv(regular(a)), {
  reference: eachMatrix(
    (n) => [n, n],
    (rows) => {
      const unit = rows.map((row, i) => row.map((_, j) => Number(i === j)));
      return gauss(regularRows(rows), unit).flat();
    },
  ),
  samples: [
    [1, 1],
    [3, 3],
    [2, 4, 4],
  ].map((shape) => ({ operands: [{ shape }] })),
  slack: 16,
  errors: [
    {
      call: () =>
        linalg.inv(
          tensor([
            [1, 2],
            [2, 4],
          ]),
        ),
      says: 'inv: a matrix must not be singular; got 0 for pivot 2 of [2, 2]; use pinv',
    },
    { call: () => linalg.inv(zeros([2, 3])), says: 'inv: square matrices are needed; got shape [2, 3]' },
  ],
});

describe.each(engines)('solve on $name', ({ name, use }) => {
  it('lecture notes 000, line 713: ridge regression of AND and XOR, (XᵀX + λ I)⁻¹ XᵀY with λ = 1', () => {
    use();
    const { x, and, xor } = gates;
    const gram = x.transpose().matmul(x) as Tensor;
    const [forAnd, forXor] = [and, xor].map((y) =>
      linalg.solve(gram.add(eye(3, { dtype: 'float64' })), x.transpose().matmul(y) as Tensor),
    );
    expectClose(forAnd, { shape: [3], data: [0, 0.25, 0.25] }, { slack: 16 });
    expectClose(x.matmul(forAnd) as Tensor, { shape: [4], data: [0, 0.25, 0.25, 0.5] }, { slack: 16 });
    expectClose(forXor, { shape: [3], data: [1 / 3, 1 / 12, 1 / 12] }, { slack: 16 });
  });

  it('leaves a residual of rounding, of matrices of any size and scale', () => {
    use();
    for (const n of [1, 2, 31, 33, 70, ...(name === 'reference' ? [] : [200])]) {
      for (const dtype of floats) {
        for (const kind of ['random', 'tiny', 'huge']) {
          const a = kinds([2, n, n], dtype)[kind];
          const x = randomMatrix([2, n, 3], 4, dtype);
          const b = a.matmul(x) as Tensor;
          const found = linalg.solve(a, b);
          // ‖a x − b‖ ≤ c n ε ‖a‖ ‖x‖
          const scale = a.abs().max().item() * found.abs().max().item() * n;
          expectNear(
            a.matmul(found) as Tensor,
            b,
            8 * n,
            `${kind} ${n} ${dtype}`,
            Math.max(scale, b.abs().max().item()),
          );
        }
      }
    }
  });

  it('has nothing to do for no equations, and answers what is not finite with NaN', () => {
    use();
    expect(linalg.solve(zeros([0, 0]), zeros([0, 2])).shape).toEqual([0, 2]);
    expect(
      linalg.solve(
        zeros([3, 2, 2]).add(
          tensor([
            [1, 0],
            [0, 1],
          ]),
        ),
        zeros([3, 2, 0]),
      ).shape,
    ).toEqual([3, 2, 0]);
    expect(
      linalg
        .inv(
          tensor([
            [NaN, 0],
            [0, 1],
          ]),
        )
        .isNaN()
        .all()
        .item(),
    ).toBe(true);
    expect(
      linalg
        .inv(
          tensor(
            [
              [2, 0],
              [0, 4],
            ],
            { dtype: 'int32' },
          ),
        )
        .toArray(),
    ).toEqual([
      [0.5, 0],
      [0, 0.25],
    ]);
  });
});
