import { relu } from '../activation/relu.js';
import { lt } from '../elementwise/lt.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';
import { sub } from '../elementwise/sub.js';
import { where } from '../indexing/where.js';
import { fusedLoss, reducedLoss } from './loss.js';

/** Product, difference, rectifier, sum; product, difference, choice, product. */
const hinge = fusedLoss(
  'hingeLoss',
  { flops: 4, gradient: 4 },
  (x, t) => relu(sub(1, mul(t, x))),
  (x, t) => where(lt(mul(t, x), 1), neg(x), 0),
);

/**
 * Hinge loss: max(0, 1 − target · input), reduced.
 *
 * @param input   [...], scores
 * @param target  of input's shape, 1 or −1
 * @returns       [], or with reduction 'none' of input's shape
 * @source Cortes, Vapnik 1995, "Support-vector networks", Machine Learning 20(3)
 */
export const hingeLoss = reducedLoss('hingeLoss', (x, t, { reduction = 'mean' }) => hinge(x, t, { reduction }));
