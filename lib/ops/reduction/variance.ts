import { checkNonNegative } from '../../core/check.js';
import { div } from '../elementwise/div.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { mean } from './mean.js';
import { type FloatOut, reducedCount, reduction } from './reduction.js';
import { sum } from './sum.js';

export interface VarianceOptions {
  /** Taken from the number of elements in the divisor: 1 estimates without bias, 0 is the mean square; default 1. */
  correction?: number;
}

export const checkCorrection = (op: string, { correction = 1 }: VarianceOptions): void =>
  checkNonNegative(op, 'correction', correction);

/**
 * Variance over the given axes, or all: Σ (x − mean x)² / (n − correction); NaN where n ≤ correction, and not finite
 * where Σ x is beyond the dtype. Integers give float32.
 *
 * @param x           [...]
 * @param axis        one or several; default all
 * @param correction  ≥ 0; default 1
 * @param keepDims    leave reduced axes with size 1; default false
 * @returns           x's shape without these axes
 * @throws ValueError "variance: correction must be a finite number ≥ 0; got -1"
 */
export const variance = reduction<FloatOut, VarianceOptions>('variance', {
  dtype: 'float',
  check: checkCorrection,
  reduce: (x, axes, { correction = 1, keepDims = false }) => {
    const freedom = reducedCount(x.shape, axes) - correction;
    const squares = sum(square(sub(x, mean(x, axes, { keepDims: true }))), axes, { keepDims });
    return div(squares, freedom > 0 ? freedom : Number.NaN);
  },
});
