import { maxPool2d, maxUnpool1d, maxUnpool2d, maxUnpool3d, ones, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, type Sample, spec } from '../../harness.js';

const unpooling = ([x, indices]: Plain[], options: { outputSize: number[] }): Plain => {
  const [n, c, ...pooled] = x.shape;
  const size = options.outputSize.reduce((product, d) => product * d, 1);
  const perChannel = pooled.reduce((product, d) => product * d, 1);
  const data = new Array(n * c * size).fill(0);
  x.data.forEach((value, i) => {
    data[Math.floor(i / perChannel) * size + indices.data[i]] += value;
  });
  return { shape: [n, c, ...options.outputSize], data };
};
const sample = (shape: number[], values: number[], outputSize: number[]): Sample => ({
  operands: [{ shape }, { shape, dtype: 'int32', values }],
  args: [{ kernelSize: 2, outputSize }],
});

spec('maxUnpool1d', maxUnpool1d as never, {
  reference: unpooling as never,
  samples: [sample([1, 2, 2], [1, 2, 0, 3], [4]), sample([1, 1, 4], [0, 0, 3, 4], [5])],
});
spec('maxUnpool2d', maxUnpool2d as never, {
  reference: unpooling as never,
  samples: [sample([1, 2, 1, 2], [1, 2, 5, 3], [2, 4]), sample([0, 2, 1, 1], [], [2, 2])],
  errors: [
    {
      call: () => maxUnpool2d(ones([1, 1, 2, 2]), ones([1, 1, 2, 3], { dtype: 'int32' }), { kernelSize: 2 }),
      says: "maxUnpool2d: indices must have x's shape [1, 1, 2, 2]; got [1, 1, 2, 3]",
    },
    {
      call: () =>
        maxUnpool2d(ones([1, 1, 2, 2]), tensor(new Int32Array([0, 1, 2, 9]), { shape: [1, 1, 2, 2] }), {
          kernelSize: 2,
          stride: 1,
        }),
      says: "maxUnpool2d: index 9 at [0, 0, 1, 1] must be within 0 … 8, a place in the result's [3, 3]",
    },
  ],
});
spec('maxUnpool3d', maxUnpool3d as never, {
  reference: unpooling as never,
  samples: [sample([1, 1, 1, 2, 2], [0, 3, 9, 15], [2, 2, 4])],
});

it('undoes max pooling but for what was not chosen', () => {
  const x = tensor([
    [
      [
        [1, 5, 2],
        [4, 3, 9],
        [8, 7, 6],
      ],
    ],
  ]);
  const [y, indices] = maxPool2d(x, { kernelSize: 2, ceilMode: true, returnIndices: true });
  expect(maxUnpool2d(y, indices, { kernelSize: 2, outputSize: 3 }).toArray()).toEqual([
    [
      [
        [0, 5, 0],
        [0, 0, 9],
        [8, 0, 6],
      ],
    ],
  ]);
  expect(
    maxUnpool2d(y, tensor(new Int32Array([1, 6, 8, 14]), { shape: [1, 1, 2, 2] }), { kernelSize: 2 }).shape,
  ).toEqual([1, 1, 4, 4]);
});
