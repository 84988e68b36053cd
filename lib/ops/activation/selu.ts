import { clamp } from '../elementwise/clamp.js';
import { fusedUnary, type UnaryFloat } from '../elementwise/elementwise.js';
import { expm1 } from '../elementwise/expm1.js';
import { gt } from '../elementwise/gt.js';
import { mul } from '../elementwise/mul.js';
import { where } from '../indexing/where.js';

/** Of the fixed point of mean 0 and variance 1: the paper's α₀₁ and λ₀₁. */
const alpha = 1.6732632423543772;
const scale = 1.0507009873554805;

/**
 * Scaled exponential linear unit, elementwise: λ · x above 0, λ · α · (eˣ − 1) below, with λ = 1.0507009873554805 and
 * α = 1.6732632423543772, by which layers of standard normal inputs keep mean 0 and variance 1.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 * @source Klambauer, Unterthiner, Mayr, Hochreiter 2017, arXiv:1706.02515, equations 2 and 14
 */
export const selu: UnaryFloat = fusedUnary('selu', { flops: 2, gradient: 3 }, (x) =>
  where(gt(x, 0), mul(x, scale), mul(expm1(clamp(x, { max: 0 })), scale * alpha)),
);
