import { widen } from '../../core/dtype.js';
import { to } from '../shape/to.js';
import { checkPositions, type IndexOut, type Reduction, reducedCount, reduceWith, reduction } from './reduction.js';

/** `argmax` or `argmin`. */
export const argExtremum = (kernel: 'argmax' | 'argmin'): Reduction<IndexOut> =>
  reduction<IndexOut>(kernel, {
    dtype: 'given',
    ofNone: false,
    reduce: (x, axes) => {
      checkPositions(kernel, reducedCount(x.shape, axes));
      return reduceWith(kernel, to(x, widen(x.dtype)), axes, 'int32');
    },
  });

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
