import { checkNonNegative } from '../../core/check.js';
import type { Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { sum } from '../reduction/sum.js';
import { type LossOptions, type LossReduction, type Reduced, reduceLoss } from './loss.js';
import { checkAreas, overPositions, share } from './overlap.js';

export interface TverskyLossOptions {
  /** Weight of false negatives; ≥ 0; default 0.5. */
  alpha?: number;
  /** Weight of false positives; ≥ 0; default 0.5. */
  beta?: number;
}

export function checkTversky(op: string, { alpha = 0.5, beta = 0.5 }: TverskyLossOptions): void {
  checkNonNegative(op, 'alpha', alpha);
  checkNonNegative(op, 'beta', beta);
}

/**
 * Tversky loss of each sample: Σ over classes of 1 − TP / (TP + alpha · FN + beta · FP), with TP = Σ input · target,
 * FN = Σ (1 − input) · target and FP = Σ input · (1 − target) over all positions; reduced. With both at ½ a class's part is
 * the Dice loss.
 *
 * @param input   [N, C, ...], probabilities
 * @param target  of input's shape, 1 where a position is of the class, else 0
 * @returns       [], or with reduction 'none' [N]
 * @throws ValueError "tverskyLoss: alpha must be a finite number ≥ 0; got -1"
 * @source lecture notes 004, lines 6957–6969 (alpha weighs false negatives); Salehi, Erdogmus, Gholipour 2017,
 *         arXiv:1706.05721, equation 3, has alpha and beta the other way round
 */
export function tverskyLoss<const R extends LossReduction = 'mean'>(
  input: Tensor,
  target: Tensor,
  options: TverskyLossOptions & LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  checkAreas('tverskyLoss', input, target, options);
  checkTversky('tverskyLoss', options);
  const { alpha = 0.5, beta = 0.5 } = options;
  return inFloat([input, target], (p: Tensor, t: Tensor) => {
    const hits = overPositions(mul(p, t));
    const missed = mul(overPositions(mul(sub(1, p), t)), alpha);
    const wrong = mul(overPositions(mul(p, sub(1, t))), beta);
    return reduceLoss(sum(sub(1, share(hits, add(hits, add(missed, wrong)))), 1), options);
  });
}
