import { ones, pixelShuffle, pixelUnshuffle } from 'adjoint';
import { at, build } from '../../axes.js';
import { type Plain, type Sample, spec } from '../../harness.js';

const sample = (shape: number[], factor: number): Sample => ({ operands: [{ shape }], args: [factor] });

spec('pixelShuffle', pixelShuffle as never, {
  reference: ([x]: Plain[], r: number): Plain => {
    const [n, c, h, w] = x.shape;
    return build([n, c / r ** 2, h * r, w * r], ([b, channel, i, j]) =>
      at(x, [b, channel * r ** 2 + (i % r) * r + (j % r), Math.floor(i / r), Math.floor(j / r)]),
    );
  },
  samples: [sample([1, 4, 1, 2], 2), sample([2, 8, 2, 1], 2), sample([1, 9, 2, 1], 3), sample([0, 4, 2, 2], 2)],
  errors: [
    {
      call: () => pixelShuffle(ones([1, 6, 2, 2]), 2),
      says: 'pixelShuffle: x must have a multiple of 4 channels; got [1, 6, 2, 2]',
    },
    {
      call: () => pixelShuffle(ones([1, 4, 2, 2]), 0),
      says: 'pixelShuffle: factor must be a whole number ≥ 1; got 0',
    },
  ],
});

spec('pixelUnshuffle', pixelUnshuffle as never, {
  reference: ([x]: Plain[], r: number): Plain => {
    const [n, c, h, w] = x.shape;
    return build([n, c * r ** 2, h / r, w / r], ([b, channel, i, j]) => {
      const within = channel % r ** 2;
      return at(x, [b, Math.floor(channel / r ** 2), i * r + Math.floor(within / r), j * r + (within % r)]);
    });
  },
  samples: [sample([1, 1, 2, 4], 2), sample([2, 2, 4, 2], 2), sample([1, 1, 3, 6], 3)],
  errors: [
    {
      call: () => pixelUnshuffle(ones([1, 6, 3, 2]), 2),
      says: 'pixelUnshuffle: height and width must be multiples of 2; got [1, 6, 3, 2]',
    },
  ],
});
