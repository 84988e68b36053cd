import { linalg, mseLoss, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { gates } from '../../calculus.js';
import { engines, expectClose, spec } from '../../harness.js';
import { gauss, matrices, multiplied, transposed } from '../../linalg.js';

spec('lstsq', (a: Tensor, b: Tensor) => linalg.lstsq(a, b).solution, {
  // The normal equations, or of a wide matrix the shortest solution.
  reference: ([a, b]) => {
    const right = matrices(b);
    const data = matrices(a).flatMap((rows, k) => {
      const turned = transposed(rows);
      const sides = right[k % right.length];
      if (rows.length >= turned.length) return gauss(multiplied(turned, rows), multiplied(turned, sides)).flat();
      return multiplied(turned, gauss(multiplied(rows, turned), sides)).flat();
    });
    return { shape: [...a.shape.slice(0, -2), a.shape[a.shape.length - 1], b.shape[b.shape.length - 1]], data };
  },
  samples: [
    { operands: [{ shape: [3, 2] }, { shape: [3, 1] }] },
    { operands: [{ shape: [2, 3] }, { shape: [2, 2] }] },
    { operands: [{ shape: [2, 4, 2] }, { shape: [4, 1] }] },
  ],
  slack: 256,
  errors: [
    {
      call: () => linalg.lstsq(zeros([3, 2]), zeros([2, 1])),
      says: 'lstsq: a [3, 2] needs as many rows in b; got [2, 1]',
    },
  ],
});

describe.each(engines)('lstsq on $name', ({ use }) => {
  // The lines of the two solutions; the sums and means of squares follow from them.
  it.each([
    ['lecture notes 000, line 238: AND', gates.and, [-0.25, 0.5, 0.5], [-0.25, 0.25, 0.25, 0.75], 0.25],
    [
      'lecture notes 000, line 242: XOR, of which a line knows nothing',
      gates.xor,
      [0.5, 0, 0],
      [0.5, 0.5, 0.5, 0.5],
      1,
    ],
  ])('%s', (_, target, weights, outputs, sum) => {
    use();
    const y = target.reshape([4, 1]);
    const { solution, residuals } = linalg.lstsq(gates.x, y);
    expectClose(solution, { shape: [3, 1], data: weights }, { slack: 16 });
    const output = gates.x.matmul(solution) as Tensor;
    expectClose(output, { shape: [4, 1], data: outputs }, { slack: 16 });
    expectClose(residuals, { shape: [1], data: [sum] }, { slack: 16 });
    expectClose(mseLoss(output, y, { reduction: 'sum' }), { shape: [], data: [sum] }, { slack: 16 });
    expectClose(mseLoss(output, y), { shape: [], data: [sum / 4] }, { slack: 16 });
  });

  it('says what is left over, and the rank', () => {
    use();
    // A line through (0, 1), (1, 2), (2, 4): 5/6 + 3/2 x.
    const a = tensor(
      [
        [1, 0],
        [1, 1],
        [1, 2],
      ],
      { dtype: 'float64' },
    );
    const { solution, residuals, rank, singularValues } = linalg.lstsq(
      a,
      tensor([[1], [2], [4]], { dtype: 'float64' }),
    );
    expectClose(solution, { shape: [2, 1], data: [5 / 6, 3 / 2] }, { slack: 16 });
    expectClose(residuals, { shape: [1], data: [1 / 6] }, { slack: 16 });
    expect([rank.item(), singularValues.shape]).toEqual([2, [2]]);
    // Of many the shortest.
    const same = linalg.lstsq(
      tensor([
        [1, 1],
        [1, 1],
      ]),
      tensor([[2], [2]]),
    );
    expectClose(same.solution, { shape: [2, 1], data: [1, 1] }, { slack: 4 });
    expect(same.rank.item()).toBe(1);
  });
});
