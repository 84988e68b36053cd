import { type InterpolateOptions, interpolate, ones, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { build, indices } from '../../axes.js';
import { type Plain, type Sample, spec } from '../../harness.js';
import { reading } from '../../windows.js';

/** Weights of x's elements in a result, from the definitions; a = −¾ in Keys' equation 15. */
function weightOf(mode: string, distance: number): number {
  const d = Math.abs(distance);
  if (mode !== 'bicubic') return Math.max(0, 1 - d);
  const a = -0.75;
  if (d < 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
  return d < 2 ? a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a : 0;
}

const resampling = (
  [x]: Plain[],
  { size, scaleFactor, mode = 'nearest', alignCorners = false }: InterpolateOptions,
): Plain => {
  const [n, c, ...sizes] = x.shape;
  const each = (value: number | readonly number[], i: number): number => (typeof value === 'number' ? value : value[i]);
  const counts = sizes.map((length, i) =>
    size === undefined ? Math.floor(length * each(scaleFactor as number, i)) : each(size, i),
  );
  const image = reading(x);
  return build([n, c, ...counts], ([b, channel, ...place]) => {
    const sources = place.map((i, a) => {
      const scale = size === undefined ? 1 / each(scaleFactor as number, a) : sizes[a] / counts[a];
      if (mode === 'nearest') return Math.floor(i * scale);
      if (alignCorners) return counts[a] === 1 ? 0 : (i * (sizes[a] - 1)) / (counts[a] - 1);
      const source = (i + 0.5) * scale - 0.5;
      return mode === 'bicubic' ? source : Math.max(0, source);
    });
    // Taps beyond the ends repeat the border.
    return indices(sizes.map(() => 8)).reduce((total, tap) => {
      const at = sources.map((source, a) => Math.floor(source) + tap[a] - 3);
      const weight = at.reduce((product, place, a) => product * weightOf(mode, sources[a] - place), 1);
      const clipped = at.map((place, a) => Math.min(Math.max(place, 0), sizes[a] - 1));
      return total + (weight === 0 ? 0 : weight * image([b, channel, ...clipped]));
    }, 0);
  });
};

const sample = (shape: number[], options: InterpolateOptions): Sample => ({ operands: [{ shape }], args: [options] });

spec('interpolate', interpolate as never, {
  reference: resampling as never,
  samples: [
    sample([1, 2, 3], { scaleFactor: 2 }),
    sample([2, 1, 3, 2], { size: [5, 4] }),
    sample([1, 1, 4, 3], { scaleFactor: [0.5, 1.5] }),
    sample([1, 1, 2, 2, 1], { size: [3, 4, 2] }),
    sample([1, 2, 4], { size: 7, mode: 'linear' }),
    sample([1, 2, 4], { size: 3, mode: 'linear', alignCorners: true }),
    sample([1, 1, 3], { size: 1, mode: 'linear', alignCorners: true }),
    sample([1, 1, 3, 2], { scaleFactor: 2, mode: 'bilinear' }),
    sample([1, 2, 3, 3], { size: [2, 5], mode: 'bilinear', alignCorners: true }),
    sample([1, 1, 2, 3, 2], { size: [3, 2, 4], mode: 'trilinear' }),
    sample([1, 1, 2, 3, 2], { size: 3, mode: 'trilinear', alignCorners: true }),
    sample([1, 1, 3, 4], { scaleFactor: 2, mode: 'bicubic' }),
    sample([1, 1, 4, 3], { size: [3, 6], mode: 'bicubic', alignCorners: true }),
    sample([0, 2, 3, 3], { scaleFactor: 2, mode: 'bilinear' }),
  ],
  slack: 4,
  errors: [
    {
      call: () => interpolate(ones([1, 2, 3]), { scaleFactor: 2, mode: 'bilinear' }),
      says: "interpolate: mode 'bilinear' takes x with 2 axes of space; got [1, 2, 3]",
    },
    {
      call: () => interpolate(ones([2, 3]), { scaleFactor: 2 }),
      says: "interpolate: mode 'nearest' takes x with one to three axes of space; got [2, 3]",
    },
    {
      call: () => interpolate(ones([1, 2, 3]), {}),
      says: 'interpolate: size or scaleFactor must be given, and not both',
    },
    {
      call: () => interpolate(ones([1, 2, 3]), { scaleFactor: 0.2 }),
      says: 'interpolate: scaleFactor must be a number > 0 or one for each axis of space, and leave an element; got 0.2 for x [1, 2, 3]',
    },
    {
      call: () => interpolate(ones([1, 2, 3]), { size: 4, alignCorners: true }),
      says: "interpolate: alignCorners is of modes that weigh elements; got mode 'nearest'",
    },
    {
      call: () => interpolate(ones([1, 2, 3]), { size: 4, mode: 'cubic' as never }),
      says: "interpolate: mode must be 'nearest', 'linear', 'bilinear', 'trilinear' or 'bicubic'; got 'cubic'",
    },
    {
      call: () => interpolate(ones([1, 2, 0]), { size: 4 }),
      says: 'interpolate: x must have elements along its axes of space; got [1, 2, 0]',
    },
  ],
});

it('keeps integers where it takes the nearest element', () => {
  const y = interpolate(tensor(new Int32Array([1, 2, 3, 4]), { shape: [1, 1, 2, 2] }), { scaleFactor: 2 });
  expect(y.dtype).toBe('int32');
  expect(y.toArray()).toEqual([
    [
      [
        [1, 1, 2, 2],
        [1, 1, 2, 2],
        [3, 3, 4, 4],
        [3, 3, 4, 4],
      ],
    ],
  ]);
});
