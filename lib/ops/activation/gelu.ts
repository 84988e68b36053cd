import { checkOneOf } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { fusedUnary } from '../elementwise/elementwise.js';
import { erf } from '../elementwise/erf.js';
import { mul } from '../elementwise/mul.js';
import { tanh } from '../elementwise/tanh.js';

/** 'none': the normal distribution's Φ by its error function; 'tanh': the paper's approximation of it. */
export type GeluApproximation = 'none' | 'tanh';

export interface GeluOptions {
  /** Default 'none'. */
  approximate?: GeluApproximation;
}

/** x / 2 · (1 + inner) */
const halfOf = (x: Tensor, inner: Tensor): Tensor => mul(mul(x, 0.5), add(inner, 1));

// dx = dy · (Φ(x) + x · φ(x)); with tanh, the approximation's own derivative
const none = fusedUnary('gelu', { flops: 5, gradient: 11 }, (x) => halfOf(x, erf(mul(x, Math.SQRT1_2))));
const byTanh = fusedUnary('geluTanh', { flops: 9, gradient: 19 }, (x) =>
  halfOf(x, tanh(mul(add(x, mul(mul(mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI)))),
);

/**
 * Gaussian error linear unit, elementwise: x · Φ(x) = x / 2 · (1 + erf(x / √2)); with approximate 'tanh',
 * x / 2 · (1 + tanh(√(2 / π) · (x + 0.044715 · x³))).
 *
 * @param x            [...]
 * @param approximate  'none' (default) or 'tanh'
 * @returns            of x's shape; integers give float32
 * @throws ValueError "gelu: approximate must be 'none' or 'tanh'; got 'erf'"
 * @source Hendrycks, Gimpel 2016, arXiv:1606.08415, section 2
 */
export function gelu<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  { approximate = 'none' }: GeluOptions = {},
): Tensor<S, Floating<D>> {
  checkTensor('gelu', x);
  checkOneOf('gelu', 'approximate', approximate, ['none', 'tanh']);
  return approximate === 'none' ? none(x) : byTanh(x);
}
