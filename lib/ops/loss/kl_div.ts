import { checkOneOf } from '../../core/check.js';
import type { Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { eq } from '../elementwise/eq.js';
import { exp } from '../elementwise/exp.js';
import { log } from '../elementwise/log.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { checkOneShape, fusedLoss, type LossReduction, type Reduced, reduceLoss } from './loss.js';

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
    const batchMean = reduction === 'batchmean';
    const of = { reduction: batchMean ? 'sum' : reduction } as const;
    const reduced = logTarget ? reduceLoss(mul(exp(t), sub(t, x)), of) : divergence(x, t, of);
    return batchMean ? div(reduced, x.shape[0] ?? 1) : reduced;
  });
}

/** Logarithm, product twice, difference, sum; product. */
const divergence = fusedLoss(
  'klDiv',
  { flops: 5, gradient: 1 },
  (x, t) => sub(entropy(t), mul(t, x)),
  (x, t) => sub(where(eq(t, 0), 0, add(log(where(eq(t, 0), 1, t)), 1)), x),
);

/** t · log t, 0 at 0. */
function entropy(t: Tensor): Tensor {
  const zero = eq(t, 0);
  return where(zero, 0, mul(t, log(where(zero, 1, t))));
}
