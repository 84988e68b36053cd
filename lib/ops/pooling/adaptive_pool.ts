import { hasKernel, kernel, run } from '../../backend/index.js';
import type { DType, Floating } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { show, sizeOf } from '../../core/shape.js';
import { empty, tensor } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import {
  checkImages,
  checkSizes,
  type Images,
  type PerAxis,
  type Rank,
  type Track,
  track,
} from '../convolution/window.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { named } from '../elementwise/elementwise.js';
import { floor } from '../elementwise/floor.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { indexSelect } from '../indexing/index_select.js';
import { weightedSum } from '../indexing/weighted_sum.js';
import { inFloat } from '../precision.js';
import { mean } from '../reduction/mean.js';
import { checkPositions } from '../reduction/reduction.js';
import { contiguous } from '../shape/contiguous.js';
import { reshape } from '../shape/reshape.js';
import { to } from '../shape/to.js';
import { average } from './avg_pool.js';
import { largest, spread } from './max_pool.js';

/** A pool whose result has a size that is asked for. */
export type AdaptivePool<R extends Rank> = <N extends number, C extends number, D extends DType>(
  x: Tensor<Images<N, C, R>, D>,
  outputSize: PerAxis<R>,
) => Tensor<Images<N, C, R>, Floating<D>>;

export interface AdaptiveMaxPoolOptions {
  /** Return the position of each result beside it, for `maxUnpool`; default false. */
  returnIndices?: boolean;
}

/** An adaptive pool that chooses an element of each bin. */
export interface AdaptiveMaxPool<R extends Rank> {
  <N extends number, C extends number, D extends DType>(
    x: Tensor<Images<N, C, R>, D>,
    outputSize: PerAxis<R>,
    options: { returnIndices: true },
  ): [y: Tensor<Images<N, C, R>, Floating<D>>, indices: Tensor<Images<N, C, R>, 'int32'>];
  <N extends number, C extends number, D extends DType>(
    x: Tensor<Images<N, C, R>, D>,
    outputSize: PerAxis<R>,
    options?: { returnIndices?: false },
  ): Tensor<Images<N, C, R>, Floating<D>>;
}

/** The means of `outputSize` bins of a sequence; see `adaptiveAvgPool2d`. [N, C, L] → [N, C, OL]. */
export const adaptiveAvgPool1d: AdaptivePool<1> = averaging('adaptiveAvgPool1d', 1);

/**
 * The means of OH · OW bins that cover the image; neighbours share a row or column where the sizes do not divide.
 *
 *   bin i of H rows is ⌊i · H / OH⌋ … ⌈(i + 1) · H / OH⌉ − 1
 *
 * @param x           [N, C, H, W]; not empty along an axis of which bins are wanted
 * @param outputSize  OH and OW; ≥ 1
 * @returns           [N, C, OH, OW]
 * @throws ShapeError "adaptiveAvgPool2d: bins need elements; got x [2, 3, 0, 4]"
 */
export const adaptiveAvgPool2d: AdaptivePool<2> = averaging('adaptiveAvgPool2d', 2);

/** The means of bins of a volume; see `adaptiveAvgPool2d`. [N, C, D, H, W] → [N, C, OD, OH, OW]. */
export const adaptiveAvgPool3d: AdaptivePool<3> = averaging('adaptiveAvgPool3d', 3);

/** The largest elements of `outputSize` bins of a sequence; see `adaptiveMaxPool2d`. [N, C, L] → [N, C, OL]. */
export const adaptiveMaxPool1d: AdaptiveMaxPool<1> = choosing('adaptiveMaxPool1d', 1);

/**
 * The largest elements of OH · OW bins, as `adaptiveAvgPool2d` has them; the gradient goes to the first of equal ones.
 *
 * @param x           [N, C, H, W]; not empty along an axis of which bins are wanted
 * @param outputSize  OH and OW; ≥ 1
 * @returns           [N, C, OH, OW]; with `returnIndices` [y, indices], as `maxPool2d`
 */
export const adaptiveMaxPool2d: AdaptiveMaxPool<2> = choosing('adaptiveMaxPool2d', 2);

/** The largest elements of bins of a volume; see `adaptiveMaxPool2d`. [N, C, D, H, W] → [N, C, OD, OH, OW]. */
export const adaptiveMaxPool3d: AdaptiveMaxPool<3> = choosing('adaptiveMaxPool3d', 3);

/** Sizes of x along the spatial axes, and of the result. */
function checkBins<R extends Rank>(op: string, rank: R, x: Tensor, outputSize: PerAxis<R>): [number[], number[]] {
  checkImages(op, x, rank);
  const counts = checkSizes(op, 'outputSize', outputSize, rank, 1);
  const sizes: number[] = x.shape.slice(2);
  if (sizes.includes(0)) throw new ShapeError(`${op}: bins need elements; got x ${show(x.shape)}`);
  return [sizes, counts];
}

const start = (i: number, size: number, count: number): number => Math.floor((i * size) / count);
const end = (i: number, size: number, count: number): number => Math.ceil(((i + 1) * size) / count);

/** Bins of one size, side by side. */
const equal = (size: number, count: number): Track => {
  const taps = size / count;
  return { ...track(size), taps, stride: taps, count };
};

function averaging<R extends Rank>(op: string, rank: R): AdaptivePool<R> {
  return named(op, (x: Tensor, outputSize: PerAxis<R>): Tensor => {
    const [sizes, counts] = checkBins(op, rank, x, outputSize);
    return inFloat([x], (x) => {
      if (counts.every((count) => count === 1)) {
        return mean(
          x,
          sizes.map((_, a) => 2 + a),
          { keepDims: true },
        );
      }
      const uneven = sizes.map((size, a) => size % counts[a] !== 0);
      const even = sizes.map((size, a) => (uneven[a] ? track(size) : equal(size, counts[a])));
      // Of what uneven means are made of, even ones of one element each would be a copy.
      let y = uneven.includes(true) && even.every(({ taps }) => taps === 1) ? x : average(even, x, true);
      sizes.forEach((size, a) => {
        if (uneven[a]) y = unevenMeans(y, 2 + a, size, counts[a]);
      });
      return y;
    });
  });
}

/** Elements of an axis, bin by bin; short bins repeat their last one. */
function members(size: number, count: number): { taps: number; places: Int32Array<ArrayBuffer> } {
  const taps = Math.max(...Array.from({ length: count }, (_, i) => end(i, size, count) - start(i, size, count)));
  const places = Int32Array.from({ length: count * taps }, (_, at) => {
    const i = Math.floor(at / taps);
    return Math.min(start(i, size, count) + (at % taps), end(i, size, count) - 1);
  });
  return { taps, places };
}

/** The means of bins that differ in size, as sums weighed by their sizes. */
function unevenMeans(x: Tensor, axis: number, size: number, count: number): Tensor {
  const { taps, places } = members(size, count);
  const elements = (at: number): number => {
    const i = Math.floor(at / taps);
    return end(i, size, count) - start(i, size, count);
  };
  return weightedSum(x, axis, {
    size,
    count,
    places: places.map((place, at) => (at % taps < elements(at) ? place : -1)),
    weights: Float64Array.from(places, (_, at) => 1 / elements(at)),
  });
}

function choosing<R extends Rank>(op: string, rank: R): AdaptiveMaxPool<R> {
  return named(op, (x: Tensor, outputSize: PerAxis<R>, { returnIndices = false }: AdaptiveMaxPoolOptions = {}) => {
    const [y, indices] = adaptiveMax(op, rank, x, outputSize, returnIndices);
    return returnIndices ? [y, indices] : y;
  }) as AdaptiveMaxPool<R>;
}

/** The maxima of bins, and where they are if that is wanted. */
export function adaptiveMax<R extends Rank>(
  op: string,
  rank: R,
  x: Tensor,
  outputSize: PerAxis<R>,
  withIndices: boolean,
): [y: Tensor, indices: Tensor | null] {
  const [sizes, counts] = checkBins(op, rank, x, outputSize);
  checkPositions(
    op,
    sizes.reduce((positions, size) => positions * size, 1),
  );
  if (hasKernel('adaptiveMaxPool') && sizes.some((size, a) => size % counts[a] !== 0)) {
    return chosenFromBins(x, sizes, counts);
  }
  // Bins that are no windows of one size are laid side by side before.
  const bins = sizes.map((size, a) => members(size, counts[a]));
  let indices: Tensor | null = null;
  const y = inFloat([x], (x) => {
    const spreadOut = bins.reduce(
      (x: Tensor, { places }, a) => (sizes[a] % counts[a] === 0 ? x : indexSelect(x, 2 + a, tensor(places))),
      x,
    );
    const axes = bins.map(({ places }, a) => equal(places.length, counts[a]));
    const [y, found] = largest(axes, spreadOut, withIndices);
    if (withIndices) indices = original(found, bins, sizes);
    return y;
  });
  return [y, indices];
}

kernel('adaptiveMaxPool', { writes: 2, flops: ([, , x]) => sizeOf(x.shape) });

/** The same by the kernel, which sees three axes. */
function chosenFromBins(
  x: Tensor,
  sizes: readonly number[],
  counts: readonly number[],
): [y: Tensor, indices: Tensor | null] {
  const [n, c] = x.shape;
  const volume = [...Array<number>(3 - sizes.length).fill(1), ...sizes];
  const bins = [...Array<number>(3 - counts.length).fill(1), ...counts];
  const indices: Tensor = empty([n * c, ...bins], 'int32');
  const y = inFloat([x], (x) => {
    const y: Tensor = empty([n * c, ...bins], x.dtype);
    run('adaptiveMaxPool', [y, indices, reshape(contiguous(x), [n * c, ...volume])]);
    const planes = ([depth, height, width]: readonly number[]): number[] => [n, c, depth * height, width];
    const { shape } = x;
    return record('adaptiveMaxPool', reshape(y, [n, c, ...counts]), [x], [indices], (dy, [indices]) => [
      reshape(spread(reshape(dy, planes(bins)), reshape(indices, planes(bins)), planes(volume)), shape),
    ]);
  });
  return [y, reshape(indices, [n, c, ...counts])];
}

/** Positions among the bins' members as positions in x. */
function original(found: Tensor, bins: readonly { places: Int32Array }[], sizes: readonly number[]): Tensor {
  let rest: Tensor = reshape(found, [found.size]);
  let position: Tensor | undefined;
  let stride = 1;
  for (let a = bins.length - 1; a >= 0; a--) {
    const { places } = bins[a];
    // In float64, in which a quotient of whole numbers has the right whole part.
    const outer: Tensor = to(floor(div(to(rest, 'float64'), places.length)), 'int32');
    const at: Tensor = indexSelect(tensor(places), 0, sub(rest, mul(outer, places.length)));
    const part: Tensor = mul(at, stride);
    position = position === undefined ? part : add(position, part);
    stride *= sizes[a];
    rest = outer;
  }
  return reshape(position as Tensor, found.shape);
}
