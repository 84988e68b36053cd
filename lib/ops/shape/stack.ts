import { checkArray } from '../../core/check.js';
import { ShapeError } from '../../core/errors.js';
import { sameShape, show } from '../../core/shape.js';
import type { Checked, Insert, Result } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { concat, type FirstDType, type FirstShape } from './concat.js';
import { unsqueeze } from './unsqueeze.js';

/**
 * Joins tensors of one shape along a new axis.
 *
 * @param tensors  n of them, at least one, each [...]
 * @param axis     where the new axis stands in the result; default 0
 * @returns        [..., n, ...]
 * @throws ShapeError "stack: shapes [2, 3] and [3, 2] must be equal"
 */
export function stack<const T extends readonly Tensor[], const A extends number = 0>(
  tensors: T,
  axis?: A & Checked<Insert<FirstShape<T>, A, T['length']>>,
): Tensor<Result<Insert<FirstShape<T>, A, T['length']>>, FirstDType<T>> {
  checkArray('stack', 'tensors', tensors);
  if (tensors.length === 0) throw new ShapeError('stack: at least one tensor is needed; got none');
  for (const x of tensors) checkTensor('stack', x);
  const [{ shape }] = tensors;
  for (const x of tensors) {
    if (!sameShape(x.shape, shape)) {
      throw new ShapeError(`stack: shapes ${show(shape)} and ${show(x.shape)} must be equal`);
    }
  }
  return concat(
    tensors.map((x) => unsqueeze(x, axis ?? 0)),
    axis,
  );
}
