import { conv2d, fold, Generator, matmul, ones, randn, type Tensor, unfold } from 'adjoint';
import { expect, it } from 'vitest';
import { build, indices } from '../../axes.js';
import { expectClose, type Plain, type Sample, spec } from '../../harness.js';
import { reading, sidesOf } from '../../windows.js';

interface Options {
  stride?: number[];
  dilation?: number[];
  padding?: number;
}

/** Where the windows' elements lie: [place, tap], each an index of an axis less. */
function windows(sizes: number[], taps: number[], { stride, dilation, padding }: Options) {
  const rank = sizes.length;
  const [steps, gaps, sides] = [stride ?? taps.map(() => 1), dilation ?? taps.map(() => 1), sidesOf(padding, rank)];
  const counts = sizes.map(
    (size, a) => Math.floor((size + sides[a][0] + sides[a][1] - gaps[a] * (taps[a] - 1) - 1) / steps[a]) + 1,
  );
  const at = (place: number[], tap: number[]): number[] =>
    place.map((i, a) => i * steps[a] + tap[a] * gaps[a] - sides[a][0]);
  return { places: indices(counts), offsets: indices(taps), at };
}

const unfolding = ([x]: Plain[], taps: number[], options: Options = {}): Plain => {
  const [n, c, ...sizes] = x.shape;
  const { places, offsets, at } = windows(sizes, taps, options);
  const image = reading(x);
  return build([n, c * offsets.length, places.length], ([b, row, column]) =>
    image([b, Math.floor(row / offsets.length), ...at(places[column], offsets[row % offsets.length])]),
  );
};

const folding = ([x]: Plain[], sizes: number[], taps: number[], options: Options = {}): Plain => {
  const { places, offsets, at } = windows(sizes, taps, options);
  const shape = [x.shape[0], x.shape[1] / offsets.length, ...sizes];
  const y = build(shape, () => 0);
  for (const [b, row, column] of indices(x.shape)) {
    const place = at(places[column], offsets[row % offsets.length]);
    if (place.some((i, a) => i < 0 || i >= sizes[a])) continue;
    const to = [b, Math.floor(row / offsets.length), ...place].reduce((flat, i, a) => flat * shape[a] + i, 0);
    y.data[to] += reading(x)([b, row, column]);
  }
  return y;
};

const sample = (shape: number[], ...args: unknown[]): Sample => ({ operands: [{ shape }], args });

spec('unfold', unfold, {
  reference: unfolding,
  samples: [
    sample([1, 2, 4], [2]),
    sample([2, 2, 3, 4], [2, 3], { padding: 1, stride: [2, 1] }),
    sample([1, 1, 5, 4], [2, 2], { dilation: [3, 2] }),
    sample([1, 2, 3, 2, 3], [2, 1, 2]),
    sample([0, 2, 3, 4], [2, 3]),
  ],
  errors: [
    {
      call: () => unfold(ones([3, 4]), 2),
      says: 'unfold: x must have the axes [batch, channels] and one to three of space; got [3, 4]',
    },
    {
      call: () => unfold(ones([1, 1, 2, 2]), 3),
      says: 'unfold: the window [3, 3] is larger than the padded image [2, 2] of x [1, 1, 2, 2]; pad more or use a smaller kernel',
    },
  ],
});

spec('fold', fold, {
  reference: folding,
  samples: [
    sample([1, 4, 3], [4], [2]),
    sample([1, 8, 4], [3, 3], [2, 2]),
    sample([2, 6, 4], [3, 4], [2, 3], { padding: 1, stride: [2, 2] }),
    sample([1, 4, 4], [5, 4], [2, 2], { dilation: [3, 2] }),
    sample([1, 4, 8], [3, 2, 3], [2, 1, 2]),
  ],
  errors: [
    {
      call: () => fold(ones([1, 8, 4]), [4, 4], 2),
      says: 'fold: x must be [batch, channels · 4, 9] for windows [2, 2] at [3, 3] places; got [1, 8, 4]',
    },
    {
      call: () => fold(ones([1, 8, 4]), [], 2),
      says: 'fold: outputSize must have one to three sizes; got []',
    },
  ],
});

it('makes a convolution a matrix product', () => {
  const [x, w] = [
    [2, 3, 5, 6],
    [4, 3, 3, 2],
  ].map((shape, i) => randn(shape, { generator: new Generator(i) }) as Tensor);
  const product = matmul(w.reshape([4, 18]), unfold(x, [3, 2], { padding: 1 }) as Tensor) as Tensor;
  const y = conv2d(x as never, w as never, undefined, { padding: 1 });
  expect(product.shape).toEqual([2, 4, y.shape[2] * y.shape[3]]);
  expectClose(y, { shape: y.shape, data: [...product.data()] }, { slack: 4 });
});
