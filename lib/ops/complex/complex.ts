import type { Complexified, DType, Promoted } from '../../core/dtype.js';
import { broadcastShapes } from '../../core/shape.js';
import type { Broadcast, Checked, Result, Shape } from '../../core/types.js';
import type { Tensor } from '../../tensor/tensor.js';
import { operands } from '../elementwise/elementwise.js';
import { expand } from '../shape/expand.js';
import { stack } from '../shape/stack.js';
import { viewAsComplex } from './view_as_real.js';

/** The complex dtype of two real operands, of which one may be a number (never). */
export type ComplexOf<D extends DType, E extends DType> = Complexified<
  [D] extends [never] ? ([E] extends [never] ? 'float32' : E) : [E] extends [never] ? D : Promoted<D, E>
>;

/**
 * Complex numbers of their parts, re + i · im, elementwise with broadcasting.
 *
 * @param re  [...] float32 or float64, or a number
 * @param im  [...] float32 or float64, or a number
 * @returns   of the broadcast shape; complex64, of float64 complex128
 * @throws ShapeError "complex: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; …"
 */
export function complex<A extends Shape = [], D extends DType = never, B extends Shape = [], E extends DType = never>(
  re: number | Tensor<A, D>,
  im: number | (Tensor<B, E> & Checked<Broadcast<A, B>>),
): Tensor<Result<Broadcast<A, B>>, ComplexOf<D, E>> {
  const pair = operands('complex', re as Tensor, im as Tensor);
  const shape = broadcastShapes('complex', pair[0].shape, pair[1].shape);
  return viewAsComplex(
    stack(
      pair.map((part) => expand(part, shape)),
      -1,
    ) as Tensor,
  ) as Tensor;
}
