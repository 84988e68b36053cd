import { abs, ones, sub, type Tensor, tensor, tripletMarginLoss } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { reduced, reductions, sum, vectors } from '../../losses.js';

interface Options {
  margin?: number;
  distance?: 'norm' | 'squared' | ((a: Tensor, b: Tensor) => Tensor);
  p?: number;
  eps?: number;
  swap?: boolean;
  shifted?: boolean;
}

/** L₁ without its smoothing, as a function of one's own. */
const cityBlock = (a: Tensor, b: Tensor): Tensor => abs(sub(a, b)).sum(-1);

function distanceOf(a: number[], b: number[], { distance = 'norm', p = 2, eps = 1e-6 }: Options): number {
  const differences = a.map((x, i) => x - b[i]);
  if (distance === cityBlock) return sum(differences.map(Math.abs));
  if (distance === 'squared') return sum(differences.map((d) => d * d));
  return sum(differences.map((d) => Math.abs(d + eps) ** p)) ** (1 / p);
}

spec('tripletMarginLoss', tripletMarginLoss, {
  reference: ([anchor, positive, negative]: Plain[], options: Options = {}) => {
    const { margin = 1, swap = false, shifted = false } = options;
    const [p, n] = [vectors(positive), vectors(negative)];
    const losses = vectors(anchor).map((a, i) => {
      const far = distanceOf(a, n[i], options);
      const other = swap ? Math.min(far, distanceOf(p[i], n[i], options)) : far;
      return Math.max(0, distanceOf(a, p[i], options) - other + margin) - (shifted ? margin : 0);
    });
    return reduced(anchor.shape.slice(0, -1), losses, options);
  },
  samples: [
    { margin: 1 },
    { p: 3, margin: 2 },
    { distance: 'squared', margin: 0.5 },
    { distance: cityBlock },
    { swap: true },
    { shifted: true },
  ].flatMap((options) => reductions([{ shape: [4, 3] }, { shape: [4, 3] }, { shape: [4, 3] }], options)),
  slack: 4,
  errors: [
    {
      call: () => tripletMarginLoss(ones([4, 5]), ones([4, 5]), ones([3, 5])),
      says: 'tripletMarginLoss: anchor, positive and negative must have one shape; got [4, 5], [4, 5] and [3, 5]; reshape one of them',
    },
    {
      call: () => tripletMarginLoss(ones([1, 2]), ones([1, 2]), ones([1, 2]), { margin: 0 }),
      says: 'tripletMarginLoss: margin must be a number > 0; got 0',
    },
    {
      call: () => tripletMarginLoss(ones([1, 2]), ones([1, 2]), ones([1, 2]), { distance: 'cosine' as never }),
      says: "tripletMarginLoss: distance must be 'norm' or 'squared'; got 'cosine'",
    },
    {
      call: () => tripletMarginLoss(ones([1, 2]), ones([1, 2]), ones([1, 2]), { p: 0 }),
      says: 'tripletMarginLoss: p must be ≥ 1 or Infinity; got 0',
    },
  ],
});

// Lecture notes 001, lines 1938–1946: easy, semi-hard and hard negatives of margin 0.5 at squared distances
// 2, 1.2 and 0.5, the positive at 1.
it.each([
  [2, 0],
  [1.2, 0.3],
  [0.5, 1],
])('tripletMarginLoss: a negative at the squared distance %d has the loss %d', (far, loss) => {
  const place = (squared: number) => tensor([[Math.sqrt(squared), 0]]);
  const options = { margin: 0.5, distance: 'squared' } as const;
  expect(tripletMarginLoss(place(0), place(1), place(far), options).item()).toBeCloseTo(loss, 6);
});
