import { grad, linalg, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose, spec } from '../../harness.js';
import { eachMatrix, expanded, randomMatrix } from '../../linalg.js';

const samples = [
  [1, 1],
  [2, 2],
  [4, 4],
  [2, 3, 3],
  [2, 0, 3, 3],
  [0, 0],
  [3, 0, 0],
].map((shape) => ({
  operands: [{ shape }],
  smooth: !shape.includes(0),
}));

spec('det', linalg.det, {
  reference: eachMatrix(
    () => [],
    (rows) => [expanded(rows)],
  ),
  samples,
  slack: 8,
  errors: [{ call: () => linalg.det(zeros([2, 3])), says: 'det: square matrices are needed; got shape [2, 3]' }],
});

spec('slogdet', (a: Tensor) => linalg.slogdet(a).logAbsDet, {
  reference: eachMatrix(
    () => [],
    (rows) => [Math.log(Math.abs(expanded(rows)))],
  ),
  samples,
  slack: 32,
  errors: [
    { call: () => linalg.slogdet(zeros([2, 3])), says: 'slogdet: square matrices are needed; got shape [2, 3]' },
  ],
});

describe.each(engines)('det on $name', ({ use }) => {
  it('is 0 of a singular matrix, with the derivative by cofactors', () => {
    use();
    const a = tensor(
      [
        [1, 2],
        [2, 4],
      ],
      { dtype: 'float64' },
    );
    expect(Math.abs(linalg.det(a).item() as number)).toBe(0);
    expectClose(grad((a: Tensor) => linalg.det(a))(a) as Tensor, { shape: [2, 2], data: [4, -2, -2, 1] });
    const { sign, logAbsDet } = linalg.slogdet(a);
    expect([Math.abs(sign.item() as number), logAbsDet.item()]).toEqual([0, -Infinity]);
  });

  it('has the sign of the order of rows, and of products no overflow', () => {
    use();
    expect(
      linalg
        .det(
          tensor([
            [0, 1],
            [1, 0],
          ]),
        )
        .item(),
    ).toBe(-1);
    const { sign, logAbsDet } = linalg.slogdet(randomMatrix([60, 60], 3).mul(1e30));
    expect(Math.abs(sign.item() as number)).toBe(1);
    expect(Number.isFinite(logAbsDet.item())).toBe(true);
    expect(linalg.det(tensor([[NaN]])).item()).toBe(NaN);
  });
});
