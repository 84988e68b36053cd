import { checkFraction, checkNonNegative } from '../../core/check.js';
import { sigmoid } from '../activation/sigmoid.js';
import { softplus } from '../activation/softplus.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';
import { pow } from '../elementwise/pow.js';
import { sub } from '../elementwise/sub.js';
import { elementLoss } from './loss.js';

export interface FocalLossOptions {
  /** Share of the positive cases, 1 − alpha that of the negative ones; within 0 … 1; null weighs neither; default 0.25. */
  alpha?: number | null;
  /** How much less a case counts that is classified well; ≥ 0; default 2; 0 is binary cross entropy. */
  gamma?: number;
}

export function checkFocal(op: string, { alpha = 0.25, gamma = 2 }: FocalLossOptions): void {
  if (alpha !== null) checkFraction(op, 'alpha', alpha);
  checkNonNegative(op, 'gamma', gamma);
}

/**
 * Focal loss of logits, with p = σ(input) for positive cases and 1 − σ(input) for negative ones:
 *
 *   −alpha · (1 − p)^gamma · log p, for negative cases with 1 − alpha; reduced
 *
 * @param input   [...], logits
 * @param target  of input's shape, 1 or 0
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ValueError "focalLoss: alpha must be within 0 … 1; got 2"
 * @source Lin, Goyal, Girshick, He, Dollár 2017, arXiv:1708.02002, equation 5
 */
export const focalLoss = elementLoss<FocalLossOptions>(
  'focalLoss',
  (x, t, { alpha = 0.25, gamma = 2 }) => {
    const negative = sub(1, t);
    const entropy = add(mul(negative, x), softplus(neg(x)));
    const wrong = add(mul(sigmoid(x), negative), mul(sigmoid(neg(x)), t));
    const losses = gamma === 0 ? entropy : mul(pow(wrong, gamma), entropy);
    return alpha === null ? losses : mul(add(mul(t, alpha), mul(negative, 1 - alpha)), losses);
  },
  { check: checkFocal },
);
