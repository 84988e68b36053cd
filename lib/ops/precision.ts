import { productDType } from '../core/autocast.js';
import { type DType, type FloatDType, promote, promoteToFloat, widen } from '../core/dtype.js';
import type { Tensor } from '../tensor/tensor.js';
import { to } from './shape/to.js';

/** The common floating-point dtype of operands, of which some may be left out. */
export const commonFloat = (operands: readonly (Tensor | undefined)[]): FloatDType =>
  promoteToFloat(operands.reduce<DType>((dtype, x) => (x === undefined ? dtype : promote(dtype, x.dtype)), 'bool'));

/** Whether `autocast` asks that operands of this dtype be rounded to bfloat16 where they are multiplied. */
export const inBfloat16 = (dtype: DType): boolean => dtype === 'float32' && productDType() === 'bfloat16';

/** What a product's kernel is told behind the numbers of its shape: the function of its result (none), and whether to round. */
export const productNumbers = (dtype: DType): readonly number[] => (inBfloat16(dtype) ? [0, 1] : []);

/**
 * Runs `body` on operands brought to their common floating-point dtype; bfloat16 is computed in float32 and the result
 * rounded. An operand may be left out.
 */
export function inFloat<const T extends readonly (Tensor | undefined)[]>(
  operands: T,
  body: (...operands: T) => Tensor,
): Tensor {
  const dtype = commonFloat(operands);
  return to(body(...(operands.map((x) => x && to(x, widen(dtype))) as unknown as T)), dtype);
}
