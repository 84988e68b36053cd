import { grad, gradcheck, linalg, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { expectNear, expectOrthonormal, forEachKind, randomMatrix } from '../../linalg.js';

const product = (a: Tensor, options?: linalg.QROptions): Tensor => {
  const { q, r } = linalg.qr(a, options);
  return q.matmul(r) as Tensor;
};

spec('qr', product, {
  reference: ([a]) => a,
  samples: [
    ...[
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
    })),
    { operands: [{ shape: [3, 4] }], args: [{ mode: 'complete' }] },
    { operands: [{ shape: [4, 3] }], args: [{ mode: 'complete' }], smooth: false },
  ],
  slack: 16,
  errors: [
    { call: () => linalg.qr(zeros([3])), says: 'qr: matrices are needed, at least two axes; got shape [3]' },
    {
      call: () => linalg.qr(zeros([2, 2]), { mode: 'r' as 'reduced' }),
      says: "qr: mode must be 'reduced' or 'complete'; got 'r'",
    },
    {
      call: () => grad((a: Tensor) => linalg.qr(a, { mode: 'complete' }).r.sum())(randomMatrix([3, 2], 1)),
      says: "qr: mode 'complete' of more rows than columns has no derivative; got [3, 2]; use mode 'reduced'",
    },
  ],
});

describe.each(engines)('qr on $name', ({ name, use }) => {
  it('gives orthonormal columns and a triangle with a diagonal that is not negative, of matrices of every kind', () => {
    use();
    forEachKind(name, (a, kind) => {
      const [m, n] = a.shape.slice(-2);
      for (const mode of ['reduced', 'complete'] as const) {
        const what = `${kind} ${mode}`;
        const { q, r } = linalg.qr(a, { mode });
        expectNear(q.matmul(r) as Tensor, a, 8 * Math.max(m, n), what);
        expectOrthonormal(q, 4 * m, what);
        expect(r.triu().sub(r).abs().sum().item(), what).toBe(0);
        expect(linalg.diagonal(r).min().item(), what).toBeGreaterThanOrEqual(0);
        expect(q.shape[q.rank - 1], what).toBe(mode === 'complete' ? m : Math.min(m, n));
      }
    });
  });

  it('has derivatives of either factor', () => {
    use();
    for (const shape of [
      [3, 3],
      [4, 3],
      [3, 4],
    ]) {
      const a = randomMatrix(shape, 8);
      gradcheck((a: Tensor) => linalg.qr(a).q, [a], { order: 2, atol: 1e-4 });
      gradcheck((a: Tensor) => linalg.qr(a).r, [a], { order: 2, atol: 1e-4 });
    }
  });

  it('answers what is not finite with NaN', () => {
    use();
    const { q, r } = linalg.qr(
      tensor([
        [1, Infinity],
        [0, 1],
      ]),
    );
    expect([q.isNaN().all().item(), r.isNaN().all().item()]).toEqual([true, true]);
  });
});
