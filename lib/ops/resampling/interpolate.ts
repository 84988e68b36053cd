import type { DType } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Ranked, Shape } from '../../core/types.js';
import { tensor } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { checkSizes, type PerAxis, type Rank } from '../convolution/window.js';
import { indexSelect } from '../indexing/index_select.js';
import { weightedSum } from '../indexing/weighted_sum.js';
import { inFloat } from '../precision.js';

/** 'linear' is for sequences, 'bilinear' and 'bicubic' for images, 'trilinear' for volumes, 'nearest' for all of them. */
export type InterpolateMode = 'nearest' | 'linear' | 'bilinear' | 'trilinear' | 'bicubic';

export interface InterpolateOptions {
  /** Sizes of the result, one number or one an axis; either these or `scaleFactor`. */
  size?: PerAxis<Rank>;
  /** What sizes are multiplied by, rounded down; > 0; one number or one an axis. */
  scaleFactor?: number | readonly number[];
  /** Default 'nearest'. */
  mode?: InterpolateMode;
  /** Let the middles of the first and last elements coincide, instead of the edges; not for 'nearest'; default false. */
  alignCorners?: boolean;
}

/** Batch and channels stay; the sizes are computed at run time. */
export type Resampled<S extends Shape> =
  Ranked<S> extends false
    ? any
    : S extends readonly [infer N extends number, infer C extends number, ...infer R extends Shape]
      ? [N, C, ...{ -readonly [K in keyof R]: number }]
      : any;

/** Weighed integers are float32; taken as they are they stay. */
export type ResampledDType<D extends DType> = D extends 'bool' | 'uint8' | 'int32' ? D | 'float32' : D;

/** Elements that a result is made of, and how much of each. */
interface Taps {
  places: Int32Array;
  /** As many as places; null for all of it. */
  weights: Float64Array | null;
}

const ranks: Record<Exclude<InterpolateMode, 'nearest'>, Rank> = { linear: 1, bilinear: 2, trilinear: 3, bicubic: 2 };

/**
 * Sequences, images or volumes in another size: up- or down-sampling along one axis after the other.
 *
 *   source of result i:  (i + ½) · in / out − ½,   with alignCorners  i · (in − 1) / (out − 1),   nearest  ⌊i · in / out⌋
 *
 * 'linear' and its kin weigh the two elements around the source, 'bicubic' four by Keys' kernel with a = −¾, the border repeated
 * beyond the ends. The gradient is the transpose. Where `scaleFactor` is given, in / out is 1 / scaleFactor.
 *
 * @param x  [N, C, L], [N, C, H, W] or [N, C, D, H, W]; 'nearest' keeps integers, the others give float32 of them
 * @returns  [N, C, …]
 * @throws ValueError "interpolate: size or scaleFactor must be given, and not both"
 * @throws ShapeError "interpolate: mode 'bilinear' takes x with 2 axes of space; got [1, 2, 3]"
 * @source Keys 1981, "Cubic convolution interpolation for digital image processing", equation 15; PyTorch's `interpolate`
 */
export function interpolate<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  options: InterpolateOptions = {},
): Tensor<Resampled<S>, ResampledDType<D>> {
  checkTensor('interpolate', x);
  const { mode = 'nearest', alignCorners = false } = options;
  const rank = rankOf(x, mode);
  if (mode === 'nearest' && alignCorners) {
    throw new ValueError("interpolate: alignCorners is of modes that weigh elements; got mode 'nearest'");
  }
  const resampled = (x: Tensor): Tensor => {
    const along = sizesOf(x, rank, options).map((resizing, i) => ({ ...resizing, axis: 2 + i }));
    // Neighbours along the last axis cost the most: it comes while the image is small.
    if (along.some(({ size, count }) => count > size)) along.reverse();
    return along.reduce((y: Tensor, { size, count, scale, axis }) => {
      const taps = tapsOf[mode === 'nearest' ? mode : mode === 'bicubic' ? 'cubic' : 'linear'];
      return combine(
        y,
        axis,
        taps(size, count, alignCorners ? (size - 1) / Math.max(1, count - 1) : scale, alignCorners),
      );
    }, x);
  };
  return (mode === 'nearest' ? resampled(x) : inFloat([x], resampled)) as never;
}

function rankOf(x: Tensor, mode: InterpolateMode): Rank {
  if (mode !== 'nearest' && !Object.hasOwn(ranks, mode)) {
    const names = "'nearest', 'linear', 'bilinear', 'trilinear' or 'bicubic'";
    throw new ValueError(`interpolate: mode must be ${names}; got '${mode}'`);
  }
  const rank = mode === 'nearest' ? x.rank - 2 : ranks[mode];
  if (x.rank - 2 !== rank || rank < 1 || rank > 3) {
    const wanted = mode === 'nearest' ? 'one to three axes' : rank === 1 ? '1 axis' : `${rank} axes`;
    throw new ShapeError(`interpolate: mode '${mode}' takes x with ${wanted} of space; got ${show(x.shape)}`);
  }
  return rank as Rank;
}

interface Resizing {
  size: number;
  count: number;
  /** Steps in x for a step in the result. */
  scale: number;
}

function sizesOf(x: Tensor, rank: Rank, { size, scaleFactor }: InterpolateOptions): Resizing[] {
  if ((size === undefined) === (scaleFactor === undefined)) {
    throw new ValueError('interpolate: size or scaleFactor must be given, and not both');
  }
  const sizes: readonly number[] = x.shape.slice(2);
  if (sizes.includes(0))
    throw new ShapeError(`interpolate: x must have elements along its axes of space; got ${show(x.shape)}`);
  if (size !== undefined) {
    const counts = checkSizes('interpolate', 'size', size, rank, 1);
    return sizes.map((size, i) => ({ size, count: counts[i], scale: size / counts[i] }));
  }
  const factors = typeof scaleFactor === 'number' ? sizes.map(() => scaleFactor) : (scaleFactor as readonly number[]);
  const resized = sizes.map((size, i) => ({ size, count: Math.floor(size * factors[i]), scale: 1 / factors[i] }));
  if (factors.length !== rank || resized.some(({ count, scale }) => !(count >= 1) || !(scale > 0))) {
    throw new ValueError(
      `interpolate: scaleFactor must be a number > 0 or one for each axis of space, and leave an element; got ${JSON.stringify(scaleFactor)} for x ${show(x.shape)}`,
    );
  }
  return resized;
}

/** Of every result along an axis of `size` elements: its elements and their weights, tap by tap. */
const tapsOf: Record<
  'nearest' | 'linear' | 'cubic',
  (size: number, count: number, scale: number, corners: boolean) => Taps[]
> = {
  nearest: (size, count, scale) => [
    { places: Int32Array.from({ length: count }, (_, i) => Math.min(Math.floor(i * scale), size - 1)), weights: null },
  ],
  linear(size, count, scale, corners) {
    const source = (i: number): number => Math.max(0, corners ? i * scale : (i + 0.5) * scale - 0.5);
    const first = (i: number): number => Math.min(Math.floor(source(i)), size - 1);
    return [0, 1].map((t) => ({
      places: Int32Array.from({ length: count }, (_, i) => Math.min(first(i) + t, size - 1)),
      weights: Float64Array.from({ length: count }, (_, i) => {
        const part = source(i) - first(i);
        return t === 0 ? 1 - part : part;
      }),
    }));
  },
  cubic(size, count, scale, corners) {
    const source = (i: number): number => (corners ? i * scale : (i + 0.5) * scale - 0.5);
    return [-1, 0, 1, 2].map((t) => ({
      places: Int32Array.from({ length: count }, (_, i) => Math.min(Math.max(Math.floor(source(i)) + t, 0), size - 1)),
      weights: Float64Array.from({ length: count }, (_, i) => keys(source(i) - Math.floor(source(i)) - t)),
    }));
  },
};

/** Keys' kernel of a distance in elements. */
function keys(distance: number): number {
  const a = -0.75;
  const d = Math.abs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

function combine(x: Tensor, axis: number, taps: readonly Taps[]): Tensor {
  const [{ places, weights }] = taps;
  if (weights === null) return indexSelect(x, axis, tensor(places));
  const count = places.length;
  // Tap by tap for each result.
  const of = (k: number): [Taps, number] => [taps[k % taps.length], Math.floor(k / taps.length)];
  const length = count * taps.length;
  return weightedSum(x, axis, {
    size: x.shape[axis],
    count,
    places: Int32Array.from({ length }, (_, k) => {
      const [tap, i] = of(k);
      return tap.places[i];
    }),
    weights: Float64Array.from({ length }, (_, k) => {
      const [tap, i] = of(k);
      return (tap.weights as Float64Array)[i];
    }),
  });
}
