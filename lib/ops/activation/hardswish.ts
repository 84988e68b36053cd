import { fusedUnary, type UnaryFloat } from '../elementwise/elementwise.js';
import { mul } from '../elementwise/mul.js';
import { hardsigmoid } from './hardsigmoid.js';

/**
 * x · hardsigmoid(x), elementwise.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 * @source Howard and others 2019, arXiv:1905.02244, section 5.2
 */
export const hardswish: UnaryFloat = fusedUnary('hardswish', { flops: 5, gradient: 7 }, (x) => mul(x, hardsigmoid(x)));
