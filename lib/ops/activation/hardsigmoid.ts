import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { fusedUnary, type UnaryFloat } from '../elementwise/elementwise.js';
import { relu6 } from './relu6.js';

/**
 * `relu6(x + 3) / 6`, elementwise: the sigmoid in straight pieces, 0 up to −3 and 1 from 3 on.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 * @source Howard and others 2019, arXiv:1905.02244, section 5.2
 */
export const hardsigmoid: UnaryFloat = fusedUnary('hardsigmoid', { flops: 4, gradient: 2 }, (x) =>
  div(relu6(add(x, 3)), 6),
);
