import { type DType, isFloat } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import { allocateKept } from '../../core/storage.js';
import type { Count } from '../../core/types.js';
import { type CreateOptions, tensor } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';

/** `arange`: with one bound it is the end, and the start is 0. */
export interface Arange {
  <const N extends number, D extends DType = 'float32'>(
    stop: N,
    options?: CreateOptions<D>,
  ): Tensor<[Count<N>], NoInfer<D>>;
  <D extends DType = 'float32'>(start: number, stop: number, options?: CreateOptions<D>): Tensor<[number], NoInfer<D>>;
  <D extends DType = 'float32'>(
    start: number,
    stop: number,
    step: number,
    options?: CreateOptions<D>,
  ): Tensor<[number], NoInfer<D>>;
}

/**
 * The numbers start, start + step, … before stop; each is start + i · step, so errors do not add up.
 *
 *     arange(3)                        // [0, 1, 2]
 *     arange(1, 2, 0.25)               // [1, 1.25, 1.5, 1.75]
 *     arange(5, { dtype: 'int32' })    // indices
 *
 * @param start  default 0
 * @param stop   excluded
 * @param step   not 0; negative to count down; default 1
 * @returns      [max(0, ⌈(stop − start) / step⌉)]; default float32
 * @throws ValueError "arange: step must be a finite number other than 0; got 0"
 */
export const arange: Arange = ((...args: (number | CreateOptions | undefined)[]) => {
  const numbers = args.filter((arg) => typeof arg === 'number');
  const options = args.find((arg) => typeof arg === 'object') ?? {};
  const [start, stop, step = 1] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  if (!Number.isFinite(start) || !Number.isFinite(stop)) {
    throw new ValueError(`arange: start and stop must be finite numbers; got ${start} and ${stop}`);
  }
  if (!Number.isFinite(step) || step === 0) {
    throw new ValueError(`arange: step must be a finite number other than 0; got ${step}`);
  }
  const dtype = options.dtype ?? 'float32';
  if (!isFloat(dtype) && !(Number.isInteger(start) && Number.isInteger(step))) {
    throw new ValueError(`arange: start and step must be whole for ${dtype}; got ${start} and ${step}; use float32`);
  }
  const count = Math.max(0, Math.ceil((stop - start) / step));
  const values = allocateKept('float64', count);
  for (let i = 0; i < count; i++) values[i] = start + i * step;
  return tensor(values, { ...options, dtype });
}) as Arange;
