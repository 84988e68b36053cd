import { checkWhole } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import type { Literal, Ranked, Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { eq } from '../elementwise/eq.js';
import { checkIndices } from '../indexing/indexing.js';
import { to } from '../shape/to.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { arange } from './arange.js';

type WithClasses<S extends Shape, C extends number> = Ranked<S> extends false ? any : Literal<[...S, C]>;

/**
 * A vector per index, 1 at its place and 0 elsewhere: yᵢⱼ = [xᵢ = j].
 *
 * @param indices  [...] int32, within 0 … classes − 1
 * @param classes  whole, ≥ 1
 * @param dtype    default float32, ready for arithmetic (PyTorch gives integers)
 * @returns        [..., classes]
 * @throws ValueError "oneHot: index 3 at [1] must be within 0 … 2, the number of classes being 3"
 */
export function oneHot<S extends Shape, const C extends number, D extends DType = 'float32'>(
  indices: Tensor<S, 'int32'>,
  classes: C,
  { dtype = 'float32' as D }: { dtype?: D } = {},
): Tensor<WithClasses<S, C>, NoInfer<D>> {
  checkTensor('oneHot', indices);
  checkWhole('oneHot', 'classes', classes, 1);
  checkIndices('oneHot', indices, classes, () => `the number of classes being ${classes}`);
  const column: Tensor = unsqueeze(indices as Tensor, -1);
  return to(eq(column, arange(classes, { dtype: 'int32' })), dtype);
}
