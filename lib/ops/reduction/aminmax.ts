import type { DType } from '../../core/dtype.js';
import type { Checked, Reduce, Result, Shape } from '../../core/types.js';
import type { Tensor } from '../../tensor/tensor.js';
import { max } from './max.js';
import { min } from './min.js';
import { type Axes, checkReduced, type ReduceOptions } from './reduction.js';

/** The smallest and the largest of the same elements. */
export interface Extrema<S extends Shape = any, D extends DType = any> {
  min: Tensor<S, D>;
  max: Tensor<S, D>;
}

/**
 * The smallest and the largest element over the given axes, or all; both NaN if one is. Equal ones share the gradient evenly.
 *
 * @param x         [...], at least one element along the axes
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         min and max, of x's shape without these axes
 */
export function aminmax<
  S extends Shape,
  D extends DType,
  const A extends Axes | undefined = undefined,
  const K extends boolean = false,
>(
  x: Tensor<S, D>,
  axis?: A & Checked<Reduce<S, A, K>>,
  options: ReduceOptions<K> = {},
): Extrema<Result<Reduce<S, A, K>>, D> {
  const axes = checkReduced('aminmax', x, axis, false);
  const operand: Tensor = x;
  return { min: min(operand, axes, options), max: max(operand, axes, options) };
}
