import { gradcheck, linalg, type Tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { expectNear, forEachKind, randomMatrix } from '../../linalg.js';

const product = (a: Tensor): Tensor => {
  const { p, l, u } = linalg.lu(a);
  return p.matmul(l).matmul(u) as Tensor;
};

spec('lu', product, {
  reference: ([a]) => a,
  samples: [
    [1, 1],
    [4, 4],
    [3, 5],
    [5, 3],
    [2, 3, 3],
    [2, 0, 3, 3],
    [0, 0],
    [0, 3],
    [3, 0],
  ].map((shape) => ({
    operands: [{ shape }],
    smooth: !shape.includes(0),
  })),
  slack: 8,
  errors: [{ call: () => linalg.lu(zeros([3])), says: 'lu: matrices are needed, at least two axes; got shape [3]' }],
});

describe.each(engines)('lu on $name', ({ name, use }) => {
  it('gives triangles of pivots no smaller than what is below them, whose product is the matrix', () => {
    use();
    forEachKind(name, (a, what) => {
      const { p, l, u } = linalg.lu(a);
      expectNear(p.matmul(l.matmul(u)) as Tensor, a, 8 * Math.max(...a.shape), what);
      expect(l.abs().max().item(), what).toBeLessThanOrEqual(1);
      expect(l.tril().sub(l).abs().sum().item(), what).toBe(0);
      expect(u.triu().sub(u).abs().sum().item(), what).toBe(0);
      expect(p.matmul(p.transpose()).sub(p.mul(0)).sum().item(), what).toBe(a.size / a.shape[a.rank - 1]);
    });
  });

  it('has derivatives of either factor', () => {
    use();
    for (const shape of [
      [3, 3],
      [2, 4],
      [4, 2],
    ]) {
      const a = randomMatrix(shape, 8);
      gradcheck((a: Tensor) => linalg.lu(a).l.square().sum(), [a], { order: 2, atol: 1e-4 });
      gradcheck((a: Tensor) => linalg.lu(a).u.square().sum(), [a], { order: 2, atol: 1e-4 });
    }
  });
});
