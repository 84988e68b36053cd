import type { DType } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import { checkAxis, show } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { noGrad, record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { concat } from './concat.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';

/**
 * The elements moved along axes; what leaves at one end comes in at the other. Without an axis all elements are rolled as
 * one row.
 *
 *     roll(x, 1, 0)               // the last row first
 *     roll(x, [1, -2], [0, 1])    // one down and two to the left
 *
 * @param x       [...]
 * @param shifts  whole numbers of places; negative: towards the start
 * @param axes    as many as shifts
 * @returns       of x's shape
 * @throws ValueError "roll: shifts must be whole numbers, one an axis; got [1, 2] for axes [0]"
 */
export function roll<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  shifts: number | readonly number[],
  axes?: number | readonly number[],
): Tensor<S, D> {
  checkTensor('roll', x);
  if (axes === undefined) return reshape(roll(reshape(x, [x.size]), shifts, 0), x.shape) as Tensor;
  const [places, along] = [shifts, axes].map((each) => (Array.isArray(each) ? each : [each]));
  if (places.length !== along.length || !places.every(Number.isInteger)) {
    throw new ValueError(
      `roll: shifts must be whole numbers, one an axis; got ${show(places)} for axes ${show(along)}`,
    );
  }
  return along.reduce((y: Tensor, given, i) => {
    const axis = checkAxis('roll', given, x.rank);
    const size = x.shape[axis];
    // Where the end that comes in first begins.
    const cut = size === 0 ? 0 : (((size - places[i]) % size) + size) % size;
    if (cut === 0) return y;
    return rolled(y, axis, cut);
  }, x) as Tensor;
}

/** What begins at `cut` of an axis, then what was before it. */
function rolled(x: Tensor, axis: number, cut: number): Tensor {
  const before: null[] = new Array(axis).fill(null);
  const { shape } = x;
  const parts = noGrad(() => concat([slice(x, ...before, [cut]), slice(x, ...before, [0, cut])], axis));
  return record('roll', parts, [x], [], (dy) => [rolled(dy, axis, shape[axis] - cut)]);
}
