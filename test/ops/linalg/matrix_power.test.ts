import { linalg, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose, spec } from '../../harness.js';
import { eachMatrix, expectNear, floats, gauss, multiplied, randomMatrix, regular, regularRows } from '../../linalg.js';

const unitOf = (rows: number[][]): number[][] => rows.map((row, i) => row.map((_, j) => Number(i === j)));

spec('matrixPower', (a: Tensor, n: number) => linalg.matrixPower(regular(a), n), {
  reference: eachMatrix(
    (n) => [n, n],
    (rows, n: number) => {
      const a = n < 0 ? gauss(regularRows(rows), unitOf(rows)) : regularRows(rows);
      let power = unitOf(rows);
      for (let k = 0; k < Math.abs(n); k++) power = multiplied(power, a);
      return power.flat();
    },
  ),
  samples: [1, 2, 3, 6, -1, -2].flatMap((n) => [{ operands: [{ shape: [2, 2, 2] }], args: [n] }]),
  slack: 32,
  errors: [
    { call: () => linalg.matrixPower(zeros([2, 2]), 0.5), says: 'matrixPower: n must be a whole number; got 0.5' },
    {
      call: () => linalg.matrixPower(zeros([2, 3]), 2),
      says: 'matrixPower: square matrices are needed; got shape [2, 3]',
    },
  ],
});

spec('matrixExp', linalg.matrixExp, {
  reference: eachMatrix(
    (n) => [n, n],
    (rows) => {
      let [sum, term] = [unitOf(rows), unitOf(rows)];
      for (let k = 1; k < 60; k++) {
        term = multiplied(term, rows).map((row) => row.map((x) => x / k));
        sum = sum.map((row, i) => row.map((x, j) => x + term[i][j]));
      }
      return sum.flat();
    },
  ),
  samples: [
    [1, 1],
    [2, 2],
    [2, 3, 3],
    [0, 0],
  ].map((shape) => ({ operands: [{ shape }], smooth: !shape.includes(0) })),
  slack: 32,
  errors: [
    { call: () => linalg.matrixExp(zeros([2, 3])), says: 'matrixExp: square matrices are needed; got shape [2, 3]' },
  ],
});

describe.each(engines)('matrixExp on $name', ({ use }) => {
  it('is the unit matrix for 0, and turns the plane by skew matrices of any size', () => {
    use();
    expect(
      linalg
        .matrixPower(
          tensor([
            [2, 1],
            [0, 3],
          ]),
          0,
        )
        .toArray(),
    ).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(linalg.matrixExp(zeros([2, 2])).toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    for (const angle of [1e-9, 0.3, 5, 40]) {
      const turn = linalg.matrixExp(
        tensor(
          [
            [0, -angle],
            [angle, 0],
          ],
          { dtype: 'float64' },
        ),
      );
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      expectClose(turn, { shape: [2, 2], data: [c, -s, s, c] }, { slack: 64 });
    }
    for (const dtype of floats) {
      const a = randomMatrix([2, 20, 20], 4, dtype);
      const product = linalg.matrixExp(a).matmul(linalg.matrixExp(a.neg())) as Tensor;
      const scale = linalg.matrixExp(a).abs().max().item() * linalg.matrixExp(a.neg()).abs().max().item();
      expectNear(product, linalg.matrixPower(a, 0) as Tensor, 64, dtype, scale);
    }
    expect(
      linalg
        .matrixExp(
          tensor([
            [NaN, 0],
            [0, 1],
          ]),
        )
        .isNaN()
        .all()
        .item(),
    ).toBe(true);
  });
});
