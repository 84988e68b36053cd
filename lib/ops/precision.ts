import { type DType, promote, promoteToFloat } from '../core/dtype.js';
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
  const compute = dtype === 'bfloat16' ? 'float32' : dtype;
  return to(body(...(operands.map((x) => x && to(x, compute)) as unknown as T)), dtype);
}
