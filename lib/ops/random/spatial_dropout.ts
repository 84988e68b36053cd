import { checkWhole } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { type DropoutOptions, dropped } from './dropout.js';

/**
 * `dropout` of whole channels: neighbours at the positions behind them say nearly the same, so that single elements would
 * be missed by nobody.
 *
 * @param x     [N, C, ...positions], or without N
 * @param axes  how many axes the positions have; whole, ≥ 1
 * @param p     within 0 … 1; default 0.5
 * @returns     of x's shape; integers give float32
 * @throws ShapeError "spatialDropout: x must have 3 or 4 axes, 2 of them positions; got [3, 4]"
 * @source Tompson, Goroshin, Jain, LeCun, Bregler 2014, arXiv:1411.4280, section 3.2
 */
export function spatialDropout<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  axes: number,
  p = 0.5,
  options: DropoutOptions = {},
): Tensor<S, Floating<D>> {
  checkTensor('spatialDropout', x);
  checkWhole('spatialDropout', 'axes', axes, 1);
  const before = x.rank - axes;
  if (before !== 1 && before !== 2) {
    throw new ShapeError(
      `spatialDropout: x must have ${axes + 1} or ${axes + 2} axes, ${axes} of them positions; got ${show(x.shape)}`,
    );
  }
  return dropped('spatialDropout', x, p, [...x.shape.slice(0, before), ...new Array<number>(axes).fill(1)], options);
}
