import { run } from '../../backend/index.js';
import { checkDType, type DType, isComplex, isDifferentiable } from '../../core/dtype.js';
import { DTypeError } from '../../core/errors.js';
import type { Shape } from '../../core/types.js';
import { empty, fill } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, parts, type Tensor } from '../../tensor/tensor.js';
import { real } from '../complex/real.js';
import { slice } from './slice.js';

/**
 * x converted to another dtype; x itself if it has that dtype. Fractions are cut towards 0 and values out of range
 * saturate on the way to an integer (NaN gives 0), int32 to uint8 keeps the low byte, anything but 0 is true; bfloat16
 * rounds to nearest, ties to even; real numbers get the imaginary part 0. Gradients flow between floating-point and complex
 * dtypes.
 *
 * @param x      [...]
 * @param dtype  of the result
 * @returns      of x's shape
 * @throws DTypeError "to: a complex number is no float32; take real, imag or abs"
 */
export function to<S extends Shape, E extends DType>(x: Tensor<S>, dtype: E): Tensor<S, E> {
  checkTensor('to', x);
  if (x.dtype === dtype) return x as Tensor<S, E>;
  checkDType('to', dtype);
  const { dtype: from } = x;
  if (isComplex(from) && !isComplex(dtype)) {
    throw new DTypeError(`to: a complex number is no ${dtype}; take real, imag or abs`);
  }
  const widened = isComplex(dtype) && !isComplex(from);
  const y: Tensor = widened ? fill(x.shape, 0, dtype) : empty(x.shape, dtype);
  run('copy', widened ? [slice(parts(y), '...', 0), x] : [parts(y), parts(x)]);
  if (!isDifferentiable(dtype) || !isDifferentiable(from)) return y;
  return record('to', y, [x], [], (dy) => [to(widened ? real(dy) : dy, from)]);
}
