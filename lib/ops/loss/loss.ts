import type { DType, Floating, Promoted } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { sameShape, show } from '../../core/shape.js';
import type { Checked, Mismatch, Ranked, Same, Shape, Show } from '../../core/types.js';
import type { Tensor } from '../../tensor/tensor.js';
import { mean } from '../reduction/mean.js';
import { sum } from '../reduction/sum.js';

/* The common parts of losses. */

/** What becomes of the losses of the elements: their mean, their sum, or nothing. */
export type LossReduction = 'mean' | 'sum' | 'none';

export interface LossOptions<R extends LossReduction = LossReduction> {
  /** 'mean', 'sum' or 'none'; default 'mean'. */
  reduction?: R;
}

/** The shape of a loss whose elements have shape S. */
export type Reduced<S extends Shape, R extends LossReduction> = R extends 'none' ? S : [];

/** The one shape of input and target; a Mismatch where they differ. */
export type OneShape<S extends Shape, T extends Shape> =
  Ranked<S> extends false
    ? any
    : Ranked<T> extends false
      ? any
      : SameAxes<S, T> extends true
        ? S
        : Mismatch<`input [${Show<S>}] and target [${Show<T>}] must have one shape`>;
type SameAxes<S extends Shape, T extends Shape> = S extends readonly [infer A extends number, ...infer P extends Shape]
  ? T extends readonly [infer B extends number, ...infer Q extends Shape]
    ? [Same<A, B>] extends [never]
      ? false
      : SameAxes<P, Q>
    : false
  : T extends readonly []
    ? true
    : false;

/** A loss between tensors of one shape. Options may bring factors of a later dtype, so with them the result's is open. */
export type ElementLoss<Options = unknown> = <
  S extends Shape,
  D extends DType,
  T extends Shape,
  E extends DType,
  const R extends LossReduction = 'mean',
>(
  input: Tensor<S, D>,
  target: Tensor<T, E> & Checked<OneShape<S, T>>,
  options?: LossOptions<R> & Options,
) => Tensor<Reduced<S, R>, unknown extends Options ? Floating<Promoted<D, E>> : any>;

export function checkReduction(op: string, reduction: LossReduction): void {
  if (reduction !== 'mean' && reduction !== 'sum' && reduction !== 'none') {
    throw new ValueError(`${op}: reduction must be 'mean', 'sum' or 'none'; got '${reduction}'`);
  }
}

/** The losses of the elements, reduced as the caller asked. */
export function reduceLoss(op: string, losses: Tensor, reduction: LossReduction = 'mean'): Tensor {
  checkReduction(op, reduction);
  return reduction === 'none' ? losses : reduction === 'sum' ? sum(losses) : mean(losses);
}

/** A loss of elements compares tensors of one shape: broadcasting here is a mistake nobody sees. */
export function checkSameShape(op: string, input: Tensor, target: Tensor): void {
  if (!sameShape(input.shape, target.shape)) {
    throw new ShapeError(
      `${op}: input and target must have one shape; got ${show(input.shape)} and ${show(target.shape)}; reshape one of them`,
    );
  }
}
