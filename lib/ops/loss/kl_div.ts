import { checkOneOf } from '../../core/check.js';
import type { Tensor } from '../../tensor/tensor.js';
import { div } from '../elementwise/div.js';
import { eq } from '../elementwise/eq.js';
import { exp } from '../elementwise/exp.js';
import { log } from '../elementwise/log.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { sum } from '../reduction/sum.js';
import { checkOneShape, type LossReduction, type Reduced, reduceLoss } from './loss.js';

/** 'batchmean' divides the sum by the first axis, which gives the divergence of a sample. */
export type KlReduction = LossReduction | 'batchmean';

export interface KlDivOptions<R extends KlReduction = KlReduction> {
  /** Whether target holds log-probabilities too; default false. */
  logTarget?: boolean;
  /** 'mean' (over all elements), 'batchmean', 'sum' or 'none'; default 'mean'. */
  reduction?: R;
}

export const checkKlDiv = (op: string, { reduction = 'mean' }: KlDivOptions): void =>
  checkOneOf(op, 'reduction', reduction, ['mean', 'batchmean', 'sum', 'none']);

/**
 * Kullback–Leibler divergence of the target from the input, by its terms: target · (log target − input), 0 where target is 0;
 * reduced. A sample's divergence is the sum of its terms: 'batchmean' is their mean.
 *
 * @param input   [...], log-probabilities
 * @param target  of input's shape, probabilities
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ValueError "klDiv: reduction must be 'mean', 'batchmean', 'sum' or 'none'; got 'max'"
 * @source Kullback, Leibler 1951, "On information and sufficiency", Annals of Mathematical Statistics 22(1)
 */
export function klDiv<const R extends KlReduction = 'mean'>(
  input: Tensor,
  target: Tensor,
  options: KlDivOptions<R> = {},
): Tensor<Reduced<any, R extends 'none' ? 'none' : 'mean'>> {
  const { logTarget = false, reduction = 'mean' }: KlDivOptions = options;
  checkOneShape('klDiv', { input, target });
  checkKlDiv('klDiv', options);
  return inFloat([input, target], (x: Tensor, t: Tensor) => {
    const terms = logTarget ? mul(exp(t), sub(t, x)) : sub(entropy(t), mul(t, x));
    return reduction === 'batchmean' ? div(sum(terms), x.shape[0] ?? 1) : reduceLoss(terms, { reduction });
  });
}

/** t · log t, 0 at 0. */
function entropy(t: Tensor): Tensor {
  const zero = eq(t, 0);
  return where(zero, 0, mul(t, log(where(zero, 1, t))));
}
