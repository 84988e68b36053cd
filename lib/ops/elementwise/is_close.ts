import { isFloat, promote } from '../../core/dtype.js';
import { broadcastShapes } from '../../core/shape.js';
import type { Broadcast, Checked, Result, Shape } from '../../core/types.js';
import { noGrad } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { all } from '../reduction/all.js';
import { to } from '../shape/to.js';
import { abs } from './abs.js';
import { add } from './add.js';
import { eq } from './eq.js';
import { isFinite } from './is_finite.js';
import { le } from './le.js';
import { logicalAnd, logicalOr } from './logical.js';
import { mul } from './mul.js';
import { sub } from './sub.js';

export interface CloseOptions {
  /** Relative tolerance, of b; default 1e-5. */
  rtol?: number;
  /** Absolute tolerance; default 1e-8. */
  atol?: number;
}

/**
 * Whether |a − b| ≤ atol + rtol · |b|, elementwise with broadcasting. Infinities are close to themselves, NaN to nothing.
 *
 * @param a     [...]
 * @param b     [...]
 * @param rtol  default 1e-5
 * @param atol  default 1e-8
 * @returns     bool, of the broadcast shape
 */
export function isClose<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & Checked<Broadcast<A, B>>,
  { rtol = 1e-5, atol = 1e-8 }: CloseOptions = {},
): Tensor<Result<Broadcast<A, B>>, 'bool'> {
  checkTensor('isClose', a);
  checkTensor('isClose', b);
  broadcastShapes('isClose', a.shape, b.shape);
  return noGrad(() => {
    const dtype = promote(a.dtype, b.dtype);
    const compute = isFloat(dtype) && dtype !== 'bfloat16' ? dtype : 'float64';
    const p: Tensor = to(a, compute);
    const q: Tensor = to(b, compute);
    const distance = abs(sub(p, q));
    const near = logicalAnd(isFinite(distance), le(distance, add(mul(abs(q), rtol), atol)));
    return logicalOr(eq(p, q), near);
  });
}

/** Whether every element of a is close to b's; see `isClose`. */
export function allClose<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & Checked<Broadcast<A, B>>,
  options?: CloseOptions,
): boolean {
  checkTensor('allClose', a);
  checkTensor('allClose', b);
  return all(isClose(a, b, options)).item() as boolean;
}
