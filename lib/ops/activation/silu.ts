import { fusedUnary, type UnaryFloat } from '../elementwise/elementwise.js';
import { mul } from '../elementwise/mul.js';
import { sigmoid } from './sigmoid.js';

/**
 * Sigmoid linear unit, elementwise: x · σ(x) = x / (1 + e⁻ˣ); `swish` with β = 1.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 * @source Elfwing, Uchibe, Doya 2017, arXiv:1702.03118, section 2
 */
export const silu: UnaryFloat = fusedUnary('silu', { flops: 2, gradient: 6 }, (x) => mul(x, sigmoid(x)));
