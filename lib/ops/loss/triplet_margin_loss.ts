import { kernel, run } from '../../backend/index.js';
import { checkOneOf, checkPositive } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { emptyLike, scalar } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import type { Tensor } from '../../tensor/tensor.js';
import { relu } from '../activation/relu.js';
import { add } from '../elementwise/add.js';
import { minimum } from '../elementwise/minimum.js';
import { neg } from '../elementwise/neg.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { norm } from '../reduction/norm.js';
import { sum } from '../reduction/sum.js';
import {
  checkOneShape,
  checkReduction,
  type LossOptions,
  type LossReduction,
  type Reduced,
  reduceLoss,
} from './loss.js';

/** How far apart the vectors along the last axis are: 'norm', ‖a − b + eps‖ₚ; 'squared', ‖a − b‖²; or a function of one's own. */
export type TripletDistance = 'norm' | 'squared' | ((a: Tensor, b: Tensor) => Tensor);

export interface TripletMarginLossOptions {
  /** How much farther the negative shall be than the positive; > 0; default 1. */
  margin?: number;
  /** Default 'norm'. */
  distance?: TripletDistance;
  /** Of the distance 'norm'; ≥ 1 or Infinity; default 2. */
  p?: number;
  /** Added to differences within the distance 'norm'; default 1e-6. */
  eps?: number;
  /** Take the positive's distance to the negative where it is the smaller one; default false. */
  swap?: boolean;
  /** Take the margin off again: max(d(a, p) − d(a, n), −margin), with the same gradient; default false. */
  shifted?: boolean;
}

export function checkTripletMargin(
  op: string,
  { margin = 1, distance = 'norm', p = 2 }: TripletMarginLossOptions,
): void {
  checkPositive(op, 'margin', margin);
  if (typeof distance !== 'function') checkOneOf(op, 'distance', distance, ['norm', 'squared']);
  if (!(p >= 1)) throw new ValueError(`${op}: p must be ≥ 1 or Infinity; got ${p}`);
}

/**
 * Triplet loss: max(0, d(anchor, positive) − d(anchor, negative) + margin), reduced.
 *
 * @param anchor    [..., d]
 * @param positive  of anchor's shape, of the anchor's class
 * @param negative  of anchor's shape, of another class
 * @returns         [], or with reduction 'none' of anchor's shape without its last axis
 * @throws ValueError "tripletMarginLoss: margin must be a number > 0; got 0"
 * @source Balntas, Riba, Ponsa, Mikolajczyk 2016, BMVC, section 2; 'squared': lecture notes 001, line 1926;
 *         shifted: lecture notes 004, line 6762
 */
export function tripletMarginLoss<const R extends LossReduction = 'mean'>(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginLossOptions & LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  const op = 'tripletMarginLoss';
  checkOneShape(op, { anchor, positive, negative });
  checkReduction(op, options.reduction);
  checkTripletMargin(op, options);
  const { margin = 1, swap = false, shifted = false } = options;
  return inFloat([anchor, positive, negative], (a: Tensor, p: Tensor, n: Tensor) => {
    const near = distanceOf(a, p, options);
    const far = swap ? minimum(distanceOf(a, n, options), distanceOf(p, n, options)) : distanceOf(a, n, options);
    const losses = relu(add(sub(near, far), margin));
    return reduceLoss(shifted ? sub(losses, margin) : losses, options);
  });
}

kernel('shiftedDifference', { flops: 2 });

/** a − b + shift, of one shape. */
const shiftedDifference = fused(
  'shiftedDifference',
  (a: Tensor, b: Tensor, shift: number) => add(sub(a, b), shift),
  (a, b, shift) => {
    const y = emptyLike(a);
    run('shiftedDifference', [y, a, b, scalar('tripletMarginLoss', shift, a.dtype)]);
    return { result: y, saved: [], backward: (dy) => [dy, () => neg(dy)] };
  },
);

function distanceOf(a: Tensor, b: Tensor, { distance = 'norm', p = 2, eps = 1e-6 }: TripletMarginLossOptions): Tensor {
  if (typeof distance === 'function') return distance(a, b);
  return distance === 'squared' ? sum(square(sub(a, b)), -1) : norm(shiftedDifference(a, b, eps), -1, { p });
}
