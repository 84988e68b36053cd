import { productDType } from '../core/autocast.js';
import { type ComplexDType, type DType, type FloatDType, promote, promoteToFloat, widen } from '../core/dtype.js';
import type { Optional, Tensor } from '../tensor/tensor.js';
import { to } from './shape/to.js';

/** The common floating-point dtype of operands, of which some may be left out. */
export const commonFloat = (operands: readonly Optional[]): FloatDType | ComplexDType =>
  promoteToFloat(operands.reduce<DType>((dtype, x) => (x ? promote(dtype, x.dtype) : dtype), 'bool'));

/** Whether `autocast` asks that operands of this dtype be rounded to bfloat16 where they are multiplied. */
export const inBfloat16 = (dtype: DType): boolean => dtype === 'float32' && productDType() === 'bfloat16';

/** What a product's kernel is told behind the numbers of its shape: the function of its result (none), and whether to round. */
export const productNumbers = (dtype: DType): readonly number[] => (inBfloat16(dtype) ? [0, 1] : []);

/** Runs `body` on x; bfloat16 is computed in float32 and the result rounded. */
export function widened(x: Tensor, body: (x: Tensor) => Tensor): Tensor {
  const wide = widen(x.dtype);
  return wide === x.dtype ? body(x) : to(body(to(x, wide)), x.dtype);
}

/**
 * Runs `body` on operands brought to their common floating-point dtype; bfloat16 is computed in float32 and the result
 * rounded. What is left out arrives as undefined.
 */
export function inFloat<const T extends readonly Optional[]>(
  operands: T,
  body: (...operands: { [K in keyof T]: Exclude<T[K], null> }) => Tensor,
): Tensor {
  const dtype = commonFloat(operands);
  const given = operands.map((x) => (x ? to(x, widen(dtype)) : undefined));
  return to((body as (...operands: Optional[]) => Tensor)(...given), dtype);
}
