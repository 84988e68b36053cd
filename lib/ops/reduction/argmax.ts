import { widen } from '../../core/dtype.js';
import type { Tensor } from '../../tensor/tensor.js';
import { to } from '../shape/to.js';
import {
  type Axes,
  checkNonEmptyAxes,
  checkPositions,
  dropAxes,
  type IndexOut,
  type ReduceOptions,
  type Reduction,
  reducedCount,
  reduceWith,
} from './reduction.js';

/** `argmax` or `argmin`. */
export const argExtremum = (kernel: 'argmax' | 'argmin'): Reduction<IndexOut> =>
  ((x: Tensor, axis?: Axes, options: ReduceOptions = {}) => {
    const axes = checkNonEmptyAxes(kernel, x, axis);
    checkPositions(kernel, reducedCount(x.shape, axes));
    const y = reduceWith(kernel, to(x, widen(x.dtype)), axes, 'int32');
    return dropAxes(y, axes, options.keepDims);
  }) as Reduction<IndexOut>;

/**
 * The position of the largest element over the given axes, or all: the first of equals, NaN above everything. Over several
 * axes it counts their elements in row-major order. Not differentiable.
 *
 * @param x         [...], at least one element along the axes
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         int32
 * @throws ShapeError "argmax: positions are int32, so there must be at most 2147483648 of them; got 4294967296; split the input"
 */
export const argmax = argExtremum('argmax');
