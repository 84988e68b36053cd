import { run } from '../../backend/index.js';
import { checkDType, type DType, isFloat } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { empty } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';

/**
 * x converted to another dtype; x itself if it has that dtype. Fractions are cut towards 0 and values out of range
 * saturate on the way to an integer (NaN gives 0), int32 to uint8 keeps the low byte, anything but 0 is true; bfloat16
 * rounds to nearest, ties to even. Gradients flow between floating-point dtypes.
 *
 * @param x      [...]
 * @param dtype  of the result
 * @returns      of x's shape
 */
export function to<S extends Shape, E extends DType>(x: Tensor<S>, dtype: E): Tensor<S, E> {
  checkTensor('to', x);
  if (x.dtype === dtype) return x as Tensor<S, E>;
  checkDType('to', dtype);
  const y = empty(x.shape, dtype);
  run('copy', [y, x]);
  if (!isFloat(dtype) || !isFloat(x.dtype)) return y;
  const { dtype: from } = x;
  return record('to', y, [x], [], (dy) => [to(dy, from)]);
}
