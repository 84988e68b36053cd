import { checkWhole } from '../../core/check.js';
import { arange } from '../../ops/creation/arange.js';
import { gt } from '../../ops/elementwise/gt.js';
import type { Tensor } from '../../tensor/tensor.js';

/**
 * The `attentionMask` that hides from the query at i the keys behind i: [length, length], true above the diagonal. The
 * option `causal` does the same without a mask in memory.
 *
 * @param length  whole, ≥ 0
 */
export function causalMask(length: number): Tensor<[number, number], 'bool'> {
  checkWhole('causalMask', 'length', length, 0);
  const positions = arange(length, { dtype: 'int32' });
  return gt(positions, positions.reshape([length, 1])) as Tensor<[number, number], 'bool'>;
}
