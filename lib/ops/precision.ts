import { type DType, promote, promoteToFloat, widen } from '../core/dtype.js';
import type { Tensor } from '../tensor/tensor.js';
import { to } from './to.js';

/**
 * Runs `body` on operands brought to their common floating-point dtype; bfloat16 is computed in float32 and the result
 * rounded. An operand may be left out.
 */
export function inFloat<const T extends readonly (Tensor | undefined)[]>(
  operands: T,
  body: (...operands: T) => Tensor,
): Tensor {
  const common = operands.reduce<DType>((dtype, x) => (x === undefined ? dtype : promote(dtype, x.dtype)), 'bool');
  const dtype = promoteToFloat(common);
  return to(body(...(operands.map((x) => x && to(x, widen(dtype))) as unknown as T)), dtype);
}
