import { linalg, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { eachMatrix, expectNear, gauss, kinds, multiplied, transposed } from '../../linalg.js';

/** (aᵀ a)⁻¹ aᵀ, or aᵀ (a aᵀ)⁻¹ */
function byNormalEquations(rows: number[][]): number[] {
  const turned = transposed(rows);
  if (rows.length >= turned.length) return gauss(multiplied(turned, rows), turned).flat();
  return transposed(gauss(multiplied(rows, turned), rows)).flat();
}

spec('pinv', linalg.pinv, {
  reference: eachMatrix((m, n) => [n, m], byNormalEquations),
  samples: [
    [1, 1],
    [3, 2],
    [2, 4],
    [2, 3, 2],
  ].map((shape) => ({ operands: [{ shape }] })),
  // By the square of the condition, up to some 100 here.
  slack: 256,
  errors: [
    { call: () => linalg.pinv(zeros([3])), says: 'pinv: matrices are needed, at least two axes; got shape [3]' },
    { call: () => linalg.pinv(zeros([3, 2]), { rtol: -1 }), says: 'pinv: rtol must be a finite number ≥ 0; got -1' },
  ],
});

describe.each(engines)('pinv on $name', ({ use }) => {
  it("has Penrose's four properties, of matrices of any rank", () => {
    use();
    for (const shape of [
      [4, 4],
      [2, 7, 3],
      [3, 7],
    ]) {
      const { random, low, zero } = kinds(shape, 'float64');
      for (const a of [random, low, zero]) {
        const y = linalg.pinv(a);
        const [left, right] = [a.matmul(y) as Tensor, y.matmul(a) as Tensor];
        expectNear(left.matmul(a) as Tensor, a, 2 ** 12, 'a y a');
        expectNear(right.matmul(y) as Tensor, y, 2 ** 12, 'y a y');
        expectNear(left, left.transpose() as Tensor, 2 ** 12, 'a y');
        expectNear(right, right.transpose() as Tensor, 2 ** 12, 'y a');
      }
    }
  });

  it('counts singular values that are not 0 to rounding', () => {
    use();
    const { random, low, zero } = kinds([3, 6, 4], 'float64');
    expect(linalg.matrixRank(random).toArray()).toEqual([4, 4, 4]);
    expect(linalg.matrixRank(low).toArray()).toEqual([2, 2, 2]);
    expect(linalg.matrixRank(zero).toArray()).toEqual([0, 0, 0]);
    expect(linalg.matrixRank(zeros([0, 3])).item()).toBe(0);
    expect(
      linalg
        .matrixRank(
          tensor([
            [1, 0],
            [0, 0.1],
          ]),
          { rtol: 0.2 },
        )
        .item(),
    ).toBe(1);
    expect(linalg.matrixRank(tensor([[1]])).dtype).toBe('int32');
    expect(() => linalg.matrixRank(zeros([3]))).toThrow(
      'matrixRank: matrices are needed, at least two axes; got shape [3]',
    );
  });
});
