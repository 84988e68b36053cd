import type { DType } from '../../core/dtype.js';
import type { Broadcast, Checked, Result, Shape } from '../../core/types.js';
import type { Tensor } from '../../tensor/tensor.js';
import { cos } from '../elementwise/cos.js';
import { operands } from '../elementwise/elementwise.js';
import { mul } from '../elementwise/mul.js';
import { sin } from '../elementwise/sin.js';
import { type ComplexOf, complex } from './complex.js';

/**
 * Complex numbers of absolute value and angle, r · (cos φ + i · sin φ), elementwise with broadcasting.
 *
 * @param r    [...] float32 or float64, or a number
 * @param phi  [...] in radians, likewise
 * @returns    of the broadcast shape; complex64, of float64 complex128
 * @throws ShapeError "polar: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; …"
 */
export function polar<A extends Shape = [], D extends DType = never, B extends Shape = [], E extends DType = never>(
  r: number | Tensor<A, D>,
  phi: number | (Tensor<B, E> & Checked<Broadcast<A, B>>),
): Tensor<Result<Broadcast<A, B>>, ComplexOf<D, E>> {
  const [size, angle] = operands('polar', r as Tensor, phi as Tensor);
  return complex(mul(size, cos(angle)) as Tensor, mul(size, sin(angle)) as Tensor) as Tensor;
}
