import { checkRange } from '../../backend/index.js';
import { DTypeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';

/**
 * Checks that a tensor holds indices within 0 … size − 1: kernels trust them. Counting from the end, as ranges of `slice`
 * do, would hide mistakes in data, so a negative index is an error.
 *
 * @param what  says what has that size, for the error
 */
export function checkIndices(op: string, index: Tensor, size: number, what: () => string): void {
  checkTensor(op, index);
  if (index.dtype !== 'int32') {
    throw new DTypeError(`${op}: indices must be int32; got ${index.dtype}; convert with to('int32')`);
  }
  checkRange(
    index,
    { low: 0, high: size - 1 },
    (value, at) =>
      new ValueError(
        `${op}: index ${value} at ${show(position(at, index.shape))} must be within 0 … ${size - 1}, ${what()}`,
      ),
  );
}

/** The axis of x that indices point along, for the error. */
export const axisOf = (x: Tensor, axis: number) => (): string => `axis ${axis} of shape ${show(x.shape)}`;

/** The index, axis by axis, of an element in row-major order. */
export function position(flat: number, shape: readonly number[]): number[] {
  let rest = flat;
  return shape.map((_, axis) => {
    const stride = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const at = Math.floor(rest / stride);
    rest -= at * stride;
    return at;
  });
}
