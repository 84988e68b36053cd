import { checkPositive } from '../../core/check.js';
import type { Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { exp } from '../elementwise/exp.js';
import { gt } from '../elementwise/gt.js';
import { log } from '../elementwise/log.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';
import { sub } from '../elementwise/sub.js';
import { where } from '../indexing/where.js';
import { fusedLoss, reducedLoss, reduceLoss } from './loss.js';

export interface PoissonNllLossOptions {
  /** Whether input is the logarithm of the rate; default true. */
  logInput?: boolean;
  /** Add Stirling's approximation of log(target!) where target > 1; default false. */
  full?: boolean;
  /** Added to a rate before its logarithm is taken; > 0; default 1e-8. */
  eps?: number;
}

export const checkPoissonNll = (op: string, { eps = 1e-8 }: PoissonNllLossOptions): void =>
  checkPositive(op, 'eps', eps);

/** Exponential, product, difference, sum; exponential, difference, product. */
const fromLogRate = fusedLoss(
  'poissonNllLoss',
  { flops: 4, gradient: 3 },
  (x, t) => sub(exp(x), mul(t, x)),
  (x) => neg(x),
);

/**
 * Negative log-likelihood of counts under Poisson's distribution: e^input − target · input, or of a rate
 * input − target · log(input + eps); reduced. Without `full` it leaves out log(target!), which has no gradient to the input.
 *
 * @param input   [...], the rate or its logarithm
 * @param target  of input's shape, counts
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ValueError "poissonNllLoss: eps must be a number > 0; got 0"
 */
export const poissonNllLoss = reducedLoss<PoissonNllLossOptions>(
  'poissonNllLoss',
  (x, t, { logInput = true, full = false, eps = 1e-8, reduction = 'mean' }) => {
    if (logInput && !full) return fromLogRate(x, t, { reduction });
    const losses = logInput ? fromLogRate(x, t, { reduction: 'none' }) : sub(x, mul(t, log(add(x, eps))));
    return reduceLoss(full ? add(losses, stirling(t)) : losses, { reduction });
  },
  { check: checkPoissonNll },
);

/** t · log t − t + ½ · log(2π · t) where t > 1, else 0. */
function stirling(t: Tensor): Tensor {
  const large = gt(t, 1);
  const n = where(large, t, 1);
  return where(large, add(sub(mul(n, log(n)), n), mul(log(mul(n, 2 * Math.PI)), 0.5)), 0);
}
