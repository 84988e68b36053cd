import type { Tensor } from '../../tensor/tensor.js';
import { relu } from '../activation/relu.js';
import { mul } from '../elementwise/mul.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { fusedLoss, reducedLoss } from './loss.js';

const missing = (x: Tensor, t: Tensor): Tensor => relu(sub(1, mul(t, x)));

/** Product, difference, rectifier, square, sum; product, difference, rectifier, three products. */
const squaredHinge = fusedLoss(
  'squaredHingeLoss',
  { flops: 5, gradient: 6 },
  (x, t) => square(missing(x, t)),
  (x, t) => mul(mul(x, -2), missing(x, t)),
);

/**
 * Squared hinge loss: max(0, 1 − target · input)², reduced.
 *
 * @param input   [...], scores
 * @param target  of input's shape, 1 or −1
 * @returns       [], or with reduction 'none' of input's shape
 * @source Tang 2013, arXiv:1306.0239, section 2.2
 */
export const squaredHingeLoss = reducedLoss('squaredHingeLoss', (x, t, { reduction = 'mean' }) =>
  squaredHinge(x, t, { reduction }),
);
