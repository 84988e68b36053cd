import { gramMatrix, ones, styleLoss, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { reduced, reductions, sum, vectors } from '../../losses.js';

/** The Gram matrices, one after the other. */
function gram({ shape: [n, c, ...plane], data }: Plain): number[] {
  const rows = vectors({ shape: [n, c, ...plane], data }, plane.length);
  const positions = plane.reduce((a, b) => a * b, 1);
  return Array.from({ length: n }, (_, b) => rows.slice(b * c, (b + 1) * c)).flatMap((image) =>
    image.flatMap((p) => image.map((q) => sum(p.map((v, i) => v * q[i])) / (c * positions))),
  );
}

spec('gramMatrix', gramMatrix, {
  reference: ([x]: Plain[]) => ({ shape: [x.shape[0], x.shape[1], x.shape[1]], data: gram(x) }),
  samples: [{ operands: [{ shape: [2, 3, 2, 2] }] }, { operands: [{ shape: [1, 2, 5] }] }],
  errors: [
    {
      call: () => gramMatrix(ones([3])),
      says: 'gramMatrix: features must have the axes [batch, channels, ...]; got [3]',
    },
  ],
});
spec('styleLoss', styleLoss, {
  reference: ([x, g]: Plain[], options = {}) => {
    const differences = gram(x).map((v, i) => (v - g.data[i]) ** 2);
    return reduced([x.shape[0]], vectors({ shape: g.shape, data: differences }, 2).map(sum), options);
  },
  samples: reductions([{ shape: [2, 2, 2, 2] }, { shape: [2, 2, 2] }]),
  slack: 4,
  errors: [
    {
      call: () => styleLoss(ones([1, 3, 4, 4]), ones([3, 3])),
      says: 'styleLoss: gram must be [1, 3, 3], a matrix for each image of features [1, 3, 4, 4]; got [3, 3]',
    },
  ],
});

it('styleLoss: does not see where features are', () => {
  const [features, moved] = [
    tensor([
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ]),
    tensor([
      [
        [3, 1, 2],
        [6, 4, 5],
      ],
    ]),
  ];
  expect(styleLoss(moved, gramMatrix(features)).item()).toBe(0);
});
