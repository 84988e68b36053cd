import { checkWhole } from '../../core/check.js';
import { type FloatDType, isFloat } from '../../core/dtype.js';
import { DTypeError } from '../../core/errors.js';
import { allocateKept } from '../../core/storage.js';
import type { Count } from '../../core/types.js';
import { type CreateOptions, tensor } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';

/**
 * `count` numbers at equal distances, both ends included: startᵢ = start + i · (stop − start) / (count − 1).
 *
 * @param count  whole, ≥ 0; 1 gives the start alone
 * @returns      [count]; default float32
 * @throws ValueError "linspace: count must be a whole number ≥ 0; got 2.5"
 */
export function linspace<const N extends number, D extends FloatDType = 'float32'>(
  start: number,
  stop: number,
  count: N,
  options: CreateOptions<D> = {},
): Tensor<[Count<N>], NoInfer<D>> {
  checkWhole('linspace', 'count', count, 0);
  const dtype = (options.dtype ?? 'float32') as D;
  if (!isFloat(dtype)) throw new DTypeError(`linspace: dtype must be floating-point; got ${dtype}; use arange`);
  // From both ends towards the middle: symmetric, and the last number is exactly stop.
  const step = (stop - start) / (count - 1);
  const values = allocateKept('float64', count);
  for (let i = 0; i < count; i++) values[i] = i < count / 2 ? start + (i && i * step) : stop - (count - 1 - i) * step;
  return tensor(values, { ...options, dtype });
}
