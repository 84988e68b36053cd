import { checkArray, checkFraction } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import { tensor } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { isNaN } from '../elementwise/is_nan.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { indexSelect } from '../indexing/index_select.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import type { ReduceOptions } from '../reduction/reduction.js';
import { permute } from '../shape/permute.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { sort } from './sort.js';
import { checkSearchAxis, dropAxis } from './sorting.js';

/** What a quantile between two elements is. */
const interpolations = {
  linear: (share: number) => share,
  lower: () => 0,
  higher: (share: number) => Math.ceil(share),
  midpoint: (share: number) => (share === 0 ? 0 : 0.5),
  // To the even place where both are as near.
  nearest: (share: number, below: number) => (share === 0.5 ? below % 2 : Math.round(share)),
};

export interface QuantileOptions extends ReduceOptions {
  /** Between the elements i and i + 1 at a place i + s: i + s itself, i, i + 1, i + ½, or the nearer; default 'linear'. */
  interpolation?: keyof typeof interpolations;
}

/**
 * Quantiles along one axis: of n elements in order the one at the place q · (n − 1) from 0. NaN if an element is.
 *
 * @param x              [...], at least one element along the axis; integers give float32
 * @param q              one, or several, within 0 … 1
 * @param axis           default all elements
 * @param interpolation  between two elements: 'linear' (default), 'lower', 'higher', 'midpoint' or 'nearest'
 * @param keepDims       leave the axis with size 1; default false
 * @returns              x's shape without the axis; of several q, with them as the first axis
 * @throws ValueError "quantile: q must be within 0 … 1; got 2";
 *         "quantile: interpolation must be 'linear', 'lower', 'higher', 'midpoint' or 'nearest'; got 'cubic'"
 * @source Hyndman, Fan 1996, "Sample quantiles in statistical packages": 'linear' is their definition 7
 */
export function quantile<D extends DType>(
  x: Tensor<any, D>,
  q: number | readonly number[],
  axis?: number,
  { interpolation = 'linear', keepDims = false }: QuantileOptions = {},
): Tensor<any, Floating<D>> {
  checkTensor('quantile', x);
  const wanted = typeof q === 'number' ? [q] : q;
  checkArray('quantile', 'q', wanted);
  for (const one of wanted) checkFraction('quantile', 'q', one);
  if (!Object.hasOwn(interpolations, interpolation)) {
    throw new ValueError(
      `quantile: interpolation must be 'linear', 'lower', 'higher', 'midpoint' or 'nearest'; got '${interpolation}'`,
    );
  }
  const whole: Tensor = axis === undefined ? x.reshape([x.size]) : x;
  const along = checkSearchAxis('quantile', whole, axis ?? 0);
  const n: number = whole.shape[along];
  const places = wanted.map((one) => one * (n - 1));
  const below = places.map(Math.floor);
  const shares = places.map((place, i) => interpolations[interpolation](place - below[i], below[i]));
  const found = inFloat([whole], (x) => {
    const { values } = sort(x, along);
    const pick = (positions: number[]): Tensor =>
      indexSelect(values, along, tensor(Int32Array.from(positions)) as Tensor) as Tensor;
    const [low, high] = [pick(below), pick(places.map(Math.ceil))];
    const spread = values.shape.map((_: number, i: number) => (i === along ? wanted.length : 1));
    const share: Tensor = tensor(Float64Array.from(shares), { shape: spread, dtype: x.dtype });
    return where(isNaN(pick([n - 1])), Number.NaN, add(low, mul(sub(high, low), share))) as Tensor;
  });
  // All elements count as one line, however many axes they had.
  const kept: number[] | null = axis === undefined && keepDims ? x.shape.map(() => 1) : null;
  if (typeof q === 'number') return kept ? found.reshape(kept) : dropAxis(found, along, keepDims);
  const others = found.shape.map((_: number, i: number) => i).filter((i: number) => i !== along);
  const first = permute(found, [along, ...others]) as Tensor;
  if (kept) return first.reshape([wanted.length, ...kept]);
  return keepDims ? (unsqueeze(first, along + 1) as Tensor) : first;
}
