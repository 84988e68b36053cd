import { generalisedDiceLoss, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { mismatch, reduced, reductions, sum, vectors } from '../../losses.js';

const operands = [
  { shape: [2, 3, 2, 2], range: [0.05, 0.95] as [number, number] },
  // The last class of the second sample is empty.
  {
    shape: [2, 3, 2, 2],
    dtype: 'int32' as const,
    values: [1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0],
  },
];

spec('generalisedDiceLoss', generalisedDiceLoss, {
  reference: ([x, t]: Plain[], options = {}) => {
    const [areas, targets] = [vectors(x, 2), vectors(t, 2)];
    const losses = [0, 1].map((n) => {
      let [both, all] = [0, 0];
      for (let k = 3 * n; k < 3 * n + 3; k++) {
        const size = sum(targets[k]);
        if (size === 0) continue;
        both += sum(areas[k].map((v, j) => v * targets[k][j])) / size ** 2;
        all += (sum(areas[k]) + size) / size ** 2;
      }
      return 1 - (2 * both) / all;
    });
    return reduced([2], losses, options);
  },
  samples: reductions(operands),
  errors: [mismatch('generalisedDiceLoss', generalisedDiceLoss)],
});

// Two classes of 1 and 3 positions, weights 1 and 1/9; the prediction has one position of the large class wrong:
// 1 − 2 · (1 + 2/9) / (1 + 1 + 1 + (2 + 3)/9) = 1 − 22/32.
it('generalisedDiceLoss: equals a calculation by hand', () => {
  const target = tensor([
    [
      [1, 0, 0, 0],
      [0, 1, 1, 1],
    ],
  ]);
  const input = tensor([
    [
      [1, 1, 0, 0],
      [0, 0, 1, 1],
    ],
  ]);
  expect(generalisedDiceLoss(input, target).item()).toBeCloseTo(1 - 22 / 32, 6);
});
