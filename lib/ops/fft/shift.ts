import type { DType } from '../../core/dtype.js';
import { checkAxes } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { roll } from '../shape/roll.js';

function shift(
  op: string,
  x: Tensor,
  axes: number | readonly number[] | undefined,
  places: (n: number) => number,
): Tensor {
  checkTensor(op, x);
  const moved = checkAxes(op, axes, x.rank);
  return roll(
    x,
    moved.map((axis) => places(x.shape[axis])),
    moved,
  );
}

/**
 * Moves frequency 0 to the middle: rolls by ⌊n / 2⌋ places.
 *
 * @param x     [...]
 * @param axes  one or several; default all
 * @returns     of x's shape
 */
export const fftshift = <S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  axes?: number | readonly number[],
): Tensor<S, D> => shift('fftshift', x, axes, (n) => Math.floor(n / 2));

/** The inverse of `fftshift`, of which it differs where n is odd. */
export const ifftshift = <S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  axes?: number | readonly number[],
): Tensor<S, D> => shift('ifftshift', x, axes, (n) => Math.ceil(n / 2));
