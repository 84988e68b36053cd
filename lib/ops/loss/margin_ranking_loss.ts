import { checkFinite } from '../../core/check.js';
import type { Tensor } from '../../tensor/tensor.js';
import { relu } from '../activation/relu.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import {
  checkOneShape,
  checkReduction,
  type LossOptions,
  type LossReduction,
  type Reduced,
  reduceLoss,
} from './loss.js';

export interface MarginRankingLossOptions {
  /** By how much the one shall lie above the other; default 0. */
  margin?: number;
}

export const checkMarginRanking = (op: string, { margin = 0 }: MarginRankingLossOptions): void =>
  checkFinite(op, 'margin', margin);

/**
 * Loss of the order of two scores: max(0, margin − target · (first − second)), reduced.
 *
 * @param first   [...]
 * @param second  of first's shape
 * @param target  of first's shape, 1 where first shall rank higher, −1 where second shall
 * @returns       [], or with reduction 'none' of first's shape
 * @throws ShapeError "marginRankingLoss: first, second and target must have one shape; got [4], [4] and [4, 1]; reshape one of them"
 */
export function marginRankingLoss<const R extends LossReduction = 'mean'>(
  first: Tensor,
  second: Tensor,
  target: Tensor,
  options: MarginRankingLossOptions & LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  const op = 'marginRankingLoss';
  checkOneShape(op, { first, second, target });
  checkReduction(op, options.reduction);
  checkMarginRanking(op, options);
  const { margin = 0 } = options;
  return inFloat([first, second, target], (a: Tensor, b: Tensor, t: Tensor) =>
    reduceLoss(relu(sub(margin, mul(t, sub(a, b)))), options),
  );
}
