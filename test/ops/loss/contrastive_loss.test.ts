import { contrastiveLoss, ones, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { reduced, reductions, sum, vectors } from '../../losses.js';

interface Options {
  margin?: number;
  one?: 'dissimilar' | 'similar';
}

spec('contrastiveLoss', contrastiveLoss, {
  reference: ([a, b, y]: Plain[], options: Options = {}) => {
    const { margin = 1, one = 'dissimilar' } = options;
    const others = vectors(b);
    const losses = vectors(a).map((first, i) => {
      const squared = sum(first.map((x, j) => (x - others[i][j]) ** 2));
      const similar = one === 'similar' ? y.data[i] : 1 - y.data[i];
      return (similar * squared + (1 - similar) * Math.max(0, margin - Math.sqrt(squared)) ** 2) / 2;
    });
    return reduced(y.shape, losses, options);
  },
  samples: [
    ...reductions([{ shape: [4, 3] }, { shape: [4, 3] }, { shape: [4], range: [0, 1] }], { margin: 3 }),
    ...reductions([{ shape: [4, 3] }, { shape: [4, 3] }, { shape: [4], values: [1, 0, 0, 1] }], { one: 'similar' }),
  ],
  slack: 4,
  errors: [
    {
      call: () => contrastiveLoss(ones([4, 5]), ones([4, 5]), ones([4, 1])),
      says: 'contrastiveLoss: target must be [4], first [4, 5] without its last axis; got [4, 1]',
    },
    {
      call: () => contrastiveLoss(ones([1, 2]), ones([1, 2]), ones([1]), { margin: 0 }),
      says: 'contrastiveLoss: margin must be a number > 0; got 0',
    },
    {
      call: () => contrastiveLoss(ones([1, 2]), ones([1, 2]), ones([1]), { one: 'same' as never }),
      says: "contrastiveLoss: one must be 'dissimilar' or 'similar'; got 'same'",
    },
  ],
});

// Lecture notes 004, line 6774: Y = 1 is one class there, where Hadsell has Y = 0.
it('contrastiveLoss: the two conventions are each other with the target turned round', () => {
  const [a, b] = [
    tensor([
      [1, 0],
      [0, 0.5],
    ]),
    tensor([
      [0, 0],
      [0, 0],
    ]),
  ];
  const hadsell = contrastiveLoss(a, b, tensor([0, 1]), { reduction: 'none' });
  expect(hadsell.toArray()).toEqual([0.5, 0.125]);
  expect(contrastiveLoss(a, b, tensor([1, 0]), { one: 'similar', reduction: 'none' }).toArray()).toEqual([0.5, 0.125]);
});

it('contrastiveLoss: passes no NaN back from equal vectors', () => {
  const x = ones([1, 2]).requireGrad();
  contrastiveLoss(x, ones([1, 2]), ones([1])).backward();
  expect(x.grad?.toArray()).toEqual([[0, 0]]);
});
