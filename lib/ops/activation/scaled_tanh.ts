import { checkFinite } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { mul } from '../elementwise/mul.js';
import { tanh } from '../elementwise/tanh.js';
import { inFloat } from '../precision.js';

export interface ScaledTanhOptions {
  /** Amplitude; default 1.716. */
  a?: number;
  /** Slope; default 2/3. */
  b?: number;
}

/**
 * LeCun's tanh, elementwise: a · tanh(b · x) = 2a / (1 + e^(−2b · x)) − a; near ±1 at ±1.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 * @throws ValueError "scaledTanh: a must be a finite number; got NaN"
 * @source LeCun, Bottou, Orr, Müller 1998, "Efficient BackProp", section 4.4
 */
export function scaledTanh<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  { a = 1.716, b = 2 / 3 }: ScaledTanhOptions = {},
): Tensor<S, Floating<D>> {
  checkTensor('scaledTanh', x);
  checkFinite('scaledTanh', 'a', a);
  checkFinite('scaledTanh', 'b', b);
  return inFloat([x], (x: Tensor) => mul(tanh(mul(x, b)), a));
}
