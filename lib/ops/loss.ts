import { ShapeError, ValueError } from '../core/errors.js';
import { sameShape, show } from '../core/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { mean } from './mean.js';
import { sum } from './sum.js';

/* The common parts of losses. */

/** What becomes of the losses of the elements: their mean, their sum, or nothing. */
export type LossReduction = 'mean' | 'sum' | 'none';

export interface LossOptions<R extends LossReduction = LossReduction> {
  /** 'mean', 'sum' or 'none'; default 'mean'. */
  reduction?: R;
}

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
