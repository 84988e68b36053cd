import type { DType, Floating } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { noGrad } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { checkImages, checkSizes, type Pair, track } from '../convolution/window.js';
import { arange } from '../creation/arange.js';
import { add } from '../elementwise/add.js';
import { ceil } from '../elementwise/ceil.js';
import { clamp } from '../elementwise/clamp.js';
import { div } from '../elementwise/div.js';
import { floor } from '../elementwise/floor.js';
import { gt } from '../elementwise/gt.js';
import { maximum } from '../elementwise/maximum.js';
import { minimum } from '../elementwise/minimum.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { indexSelect } from '../indexing/index_select.js';
import { checkIndices } from '../indexing/indexing.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { permute } from '../shape/permute.js';
import { reshape } from '../shape/reshape.js';
import { slice } from '../shape/slice.js';
import { to } from '../shape/to.js';
import { largest } from './max_pool.js';

export interface RoiPoolOptions {
  /** OH and OW, the bins of every region; ≥ 1. */
  outputSize: Pair;
  /** Pixels of x for one of the regions' units; > 0; default 1. */
  spatialScale?: number;
  /**
   * Where h rows are cut for n bins: at ⌊i · h / n⌋ ('floor'), at ⌈i · h / n⌉ ('ceil'), or each from ⌊ ⌋ of its start to ⌈ ⌉ of
   * its end, so that neighbours may overlap ('overlap'); default 'overlap', as torchvision has it.
   */
  bins?: 'overlap' | 'floor' | 'ceil';
}

/**
 * The largest element of every bin of regions of interest, whatever their sizes: [OH, OW] of each. The gradient goes to the
 * first of equal ones; none flows to the regions. Regions are cut to the image first; bins without an element, as a region of
 * fewer rows than bins has by 'floor' and 'ceil', are 0.
 *
 * @param x        [N, C, H, W]
 * @param regions  [K, 5]: image, left, top, right, bottom; the last two are inside; rounded after scaling, ½ upwards
 * @returns        [K, C, OH, OW]
 * @throws ShapeError "roiPool: regions must be [regions, 5], each image, left, top, right, bottom; got [2, 4]"
 * @throws ValueError "roiPool: index 7 at [0] must be within 0 … 0, an image of x [1, 1, 4, 4]"
 * @throws ValueError "roiPool: bins must be 'overlap', 'floor' or 'ceil'; got 'round'"
 * @source Girshick 2015, arXiv:1504.08083, section 2.1; torchvision's `roi_pool`; lecture notes 004, line 7134 ('ceil')
 *         and lines 7147–7173 ('floor')
 */
export function roiPool<C extends number, K extends number, D extends DType>(
  x: Tensor<[number, C, number, number], D>,
  regions: Tensor<[K, number]>,
  options: RoiPoolOptions,
): Tensor<[K, C, number, number], Floating<D>> {
  checkImages('roiPool', x, 2);
  checkTensor('roiPool', regions);
  const { outputSize, spatialScale = 1, bins = 'overlap' } = options ?? {};
  const counts = checkSizes('roiPool', 'outputSize', outputSize, 2, 1);
  if (regions.rank !== 2 || regions.shape[1] !== 5) {
    throw new ShapeError(
      `roiPool: regions must be [regions, 5], each image, left, top, right, bottom; got ${show(regions.shape)}`,
    );
  }
  if (!['overlap', 'floor', 'ceil'].includes(bins)) {
    throw new ValueError(`roiPool: bins must be 'overlap', 'floor' or 'ceil'; got '${bins}'`);
  }
  if (!(spatialScale > 0)) throw new ValueError(`roiPool: spatialScale must be a number > 0; got ${spatialScale}`);
  const [n, c, h, w] = x.shape;
  const k = regions.shape[0];
  const images = to(slice(regions, null, 0), 'int32');
  checkIndices('roiPool', images, n, () => `an image of x ${show(x.shape)}`);
  const [rows, columns, pixels, full] = noGrad(() => {
    const corners = to(slice(regions, null, [1]), 'float64');
    const rounded = floor(add(mul(corners, spatialScale), 0.5));
    const along = (axis: 0 | 1, size: number): Axis =>
      members(slice(rounded, null, 1 - axis), slice(rounded, null, 3 - axis), size, counts[axis], bins);
    const [rows, columns] = [along(0, h), along(1, w)];
    const image = reshape(images, [k, 1, 1]);
    const lines: Tensor = add(mul(image, h), reshape(rows.places, [k, counts[0] * rows.taps, 1]));
    const pixels: Tensor = add(mul(lines, w), reshape(columns.places, [k, 1, counts[1] * columns.taps]));
    const sizes: Tensor = mul(
      reshape(rows.sizes, [k, 1, counts[0], 1]) as Tensor,
      reshape(columns.sizes, [k, 1, 1, counts[1]]) as Tensor,
    );
    const full: Tensor = gt(sizes, 0);
    return [rows, columns, reshape(pixels, [pixels.size]), full];
  });
  return inFloat([x], (x: Tensor) => {
    // The bins' pixels side by side, so that every bin is a window of the same size.
    const planes = reshape(permute(x, [1, 0, 2, 3]), [c, n * h * w]);
    const [height, width] = [counts[0] * rows.taps, counts[1] * columns.taps];
    const regionsOf: Tensor = reshape(indexSelect(planes, 1, pixels), [c, k, height, width]);
    const windows = [rows, columns].map(({ taps }, a) => ({
      ...track(counts[a] * taps),
      taps,
      stride: taps,
      count: counts[a],
    }));
    const y = permute(largest(windows, regionsOf, false)[0], [1, 0, 2, 3]);
    return where(full, y, 0) as Tensor;
  });
}

/** Along one axis of all regions: the places of the bins' elements, short bins repeating their last one, and the bins' sizes. */
interface Axis {
  /** [K, bins · taps] */
  places: Tensor;
  /** [K, bins] */
  sizes: Tensor;
  taps: number;
}

function members(first: Tensor, last: Tensor, size: number, count: number, bins: RoiPoolOptions['bins']): Axis {
  const k = first.size;
  const within = { min: 0, max: Math.max(0, size - 1) };
  const origin: Tensor = reshape(clamp(first, within), [k, 1]);
  const extent: Tensor = maximum(add(sub(reshape(clamp(last, within), [k, 1]), origin), 1), 1);
  const edge = (i: Tensor, round: typeof floor): Tensor => add(round(div(mul(extent, i), count) as Tensor), origin);
  const numbers = arange(count);
  const start: Tensor = edge(numbers, bins === 'ceil' ? ceil : floor);
  const end: Tensor = edge(add(numbers, 1), bins === 'floor' ? floor : ceil);
  // What a bin of the whole axis can have at most.
  const taps = Math.ceil(size / count) + 1;
  const steps: Tensor = add(reshape(start, [k, count, 1]), arange(taps));
  const places = clamp(minimum(steps, reshape(sub(end, 1), [k, count, 1])), within);
  return { places: reshape(to(places, 'int32'), [k, count * taps]), sizes: sub(end, start), taps };
}
