import { checkAxes } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { mul } from '../elementwise/mul.js';
import { inFloat } from '../precision.js';
import { type Axes, type FloatOut, type ReduceOptions, type Reduction, reducedCount } from './reduction.js';
import { sum } from './sum.js';

/**
 * Arithmetic mean over the given axes, or all; NaN over none. Integers give float32.
 *
 * @param x         [...]
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         x's shape without these axes
 */
export const mean: Reduction<FloatOut> = ((x: Tensor, axis?: Axes, options: ReduceOptions = {}) => {
  const count = reducedCount(x.shape, checkAxes('mean', axis, x.rank));
  return inFloat([x], (x) => mul(sum(x, axis, options), 1 / count));
}) as Reduction<FloatOut>;
