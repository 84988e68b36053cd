import { grad, gradcheck, linalg, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose, spec } from '../../harness.js';
import {
  eachMatrix,
  expectNear,
  expectOrthonormal,
  forEachKind,
  largest,
  randomMatrix,
  singularValuesOf,
} from '../../linalg.js';

const thin = { fullMatrices: false };
const product = ({ u, s, vh }: { u: Tensor; s: Tensor; vh: Tensor }): Tensor =>
  u.mul(s.unsqueeze(-2)).matmul(vh) as Tensor;
const samples = [
  [1, 1],
  [3, 3],
  [5, 3],
  [3, 5],
  [2, 4, 3],
  [2, 0, 3, 3],
  [0, 3],
  [3, 0],
].map((shape) => ({
  operands: [{ shape }],
  smooth: !shape.includes(0),
}));

spec('svd', (a: Tensor) => product(linalg.svd(a, thin)), {
  reference: ([a]) => a,
  samples,
  slack: 16,
  errors: [{ call: () => linalg.svd(zeros([3])), says: 'svd: matrices are needed, at least two axes; got shape [3]' }],
});

spec('svdvals', linalg.svdvals, {
  reference: eachMatrix((m, n) => [Math.min(m, n)], singularValuesOf),
  samples,
  slack: 16,
  errors: [
    { call: () => linalg.svdvals(zeros([3])), says: 'svdvals: matrices are needed, at least two axes; got shape [3]' },
  ],
});

describe.each(engines)('svd on $name', ({ name, use }) => {
  it('gives orthonormal vectors of descending values, of matrices of every kind', () => {
    use();
    forEachKind(name, (a, what) => {
      const [m, n] = a.shape.slice(-2);
      const found = linalg.svd(a, thin);
      expectNear(product(found), a, 8 * Math.max(m, n), what, largest(found.s));
      expectOrthonormal(found.u, 8 * Math.max(m, n), what);
      expectOrthonormal(found.vh.transpose() as Tensor, 8 * Math.max(m, n), what);
      const k = Math.min(m, n);
      const steps = found.s.slice('...', [0, k - 1]).ge(found.s.slice('...', [1, k]));
      expect(steps.all().item() && found.s.ge(0).all().item(), what).toBe(true);
      expectNear(linalg.svdvals(a), found.s, 4 * k, what);
      const full = linalg.svd(a);
      expect([full.u.shape.slice(-2), full.vh.shape.slice(-2)], what).toEqual([
        [m, m],
        [n, n],
      ]);
      expectOrthonormal(full.u, 8 * m, what);
      expectOrthonormal(full.vh.transpose() as Tensor, 8 * n, what);
    });
  });

  it('knows small values beside large ones to the rounding of the largest', () => {
    use();
    // Hilbert's matrix of order 8, whose values fall to 1e-10.
    const hilbert = tensor(
      Float64Array.from({ length: 64 }, (_, at) => 1 / (Math.floor(at / 8) + (at % 8) + 1)),
      { shape: [8, 8] },
    );
    const [first, last] = [linalg.svdvals(hilbert).slice(0).item(), linalg.svdvals(hilbert).slice(-1).item()];
    expect(first).toBeCloseTo(1.6959389969219498, 12);
    expect(last).toBeCloseTo(1.1115389663e-10, 15);
  });

  it('has derivatives of vectors where values differ, and of what does not depend on them where they do not', () => {
    use();
    for (const shape of [
      [3, 3],
      [4, 3],
      [3, 4],
    ]) {
      const a = randomMatrix(shape, 4);
      gradcheck((a: Tensor) => linalg.svd(a, thin).u, [a], { order: 2, atol: 1e-4 });
      gradcheck((a: Tensor) => linalg.svd(a, thin).vh, [a], { order: 2, atol: 1e-4 });
    }
    const unit = tensor(
      [
        [1, 0],
        [0, 1],
      ],
      { dtype: 'float64' },
    );
    expectClose(grad((a: Tensor) => linalg.svdvals(a).sum())(unit) as Tensor, { shape: [2, 2], data: [1, 0, 0, 1] });
    const through = grad((a: Tensor) => product(linalg.svd(a, thin)).sum())(unit) as Tensor;
    expect(through.isFinite().all().item()).toBe(true);
  });

  it('answers what is not finite with NaN', () => {
    use();
    const { u, s, vh } = linalg.svd(
      tensor([
        [1, Infinity],
        [0, 1],
      ]),
    );
    expect([u, s, vh].map((x) => x.isNaN().all().item())).toEqual([true, true, true]);
  });
});
