import { abs } from '../elementwise/abs.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { fusedUnary, type UnaryFloat } from '../elementwise/elementwise.js';

/**
 * x / (1 + |x|), elementwise; derivative 1 / (1 + |x|)².
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const softsign: UnaryFloat = fusedUnary('softsign', { flops: 3, gradient: 4 }, (x) => div(x, add(abs(x), 1)));
