import { sigmoid } from '../activation/sigmoid.js';
import { softplus } from '../activation/softplus.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';
import { fusedLoss, reducedLoss } from './loss.js';

/** Product, softplus, sum; product, sigmoid, two products. */
const logistic = fusedLoss(
  'softMarginLoss',
  { flops: 4, gradient: 4 },
  (x, t) => softplus(neg(mul(t, x))),
  (x, t) => mul(neg(x), sigmoid(neg(mul(t, x)))),
);

/**
 * Logistic loss of labels of two signs: log(1 + e^(−target · input)), reduced.
 *
 * @param input   [...], scores
 * @param target  of input's shape, 1 or −1
 * @returns       [], or with reduction 'none' of input's shape
 */
export const softMarginLoss = reducedLoss('softMarginLoss', (x, t, { reduction = 'mean' }) =>
  logistic(x, t, { reduction }),
);
