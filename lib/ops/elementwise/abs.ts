import type { DType, PartDType } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import type { Tensor } from '../../tensor/tensor.js';
import { complexAbs } from '../complex/absolute.js';
import { unarySame } from './elementwise.js';
import { mul } from './mul.js';
import { sign } from './sign.js';

/**
 * |x|, elementwise; derivative 0 at 0. Of complex numbers √(re² + im²).
 *
 * @param x  [...], any dtype but bool
 * @returns  [...] of x's dtype; of complex numbers that of their parts
 * @throws DTypeError "abs: a bool tensor has no arithmetic; convert with to('int32')"
 */
export const abs = unarySame('abs', {
  of: Math.abs,
  saves: 'input',
  backward: (dy, x) => mul(dy, sign(x)),
  complex: complexAbs,
}) as <S extends Shape, D extends DType>(x: Tensor<S, D>) => Tensor<S, PartDType<D>>;
