import { checkFinite } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { fusedWithNumbers } from '../elementwise/elementwise.js';
import { mul } from '../elementwise/mul.js';
import { inFloat } from '../precision.js';
import { sigmoid } from './sigmoid.js';

// dx = dy · (σ + βx · σ · (1 − σ)), σ of βx
const compute = fusedWithNumbers('swish', { flops: 3, gradient: 7 }, (x: Tensor, beta: number) =>
  mul(x, sigmoid(mul(x, beta))),
);

/**
 * x · σ(β · x), elementwise: x / 2 with β = 0, `silu` with 1, and towards `relu` as β grows.
 *
 * @param x     [...]
 * @param beta  default 1
 * @returns     [...]; integers give float32
 * @throws ValueError "swish: beta must be a finite number; got NaN"
 * @source Ramachandran, Zoph, Le 2017, arXiv:1710.05941, section 5
 */
export function swish<S extends Shape, D extends DType>(x: Tensor<S, D>, beta = 1): Tensor<S, Floating<D>> {
  checkTensor('swish', x);
  checkFinite('swish', 'beta', beta);
  return inFloat([x], (x: Tensor) => compute(x, beta));
}
