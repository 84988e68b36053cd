import type { DType } from '../core/dtype.js';
import type { Shape } from '../core/types.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Floating } from './elementwise.js';
import { gt } from './gt.js';
import { mul } from './mul.js';
import { inFloat } from './precision.js';
import { where } from './where.js';

/**
 * x where x > 0, else negativeSlope · x; elementwise.
 *
 * @param x              [...]
 * @param negativeSlope  default 0.01
 * @source Maas, Hannun, Ng 2013, "Rectifier nonlinearities improve neural network acoustic models"
 */
export function leakyRelu<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  negativeSlope = 0.01,
): Tensor<S, Floating<D>> {
  return inFloat([x as Tensor], (x) => where(gt(x, 0), x, mul(x, negativeSlope))) as Tensor<any, any>;
}
