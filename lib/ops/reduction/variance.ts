import { kernel, run } from '../../backend/index.js';
import { checkNonNegative } from '../../core/check.js';
import { emptyLike } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import { record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { div } from '../elementwise/div.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';
import { sub } from '../elementwise/sub.js';
import { mean } from './mean.js';
import { type FloatOut, reducedCount, reduction } from './reduction.js';
import { sumOfSquares } from './sum_of_squares.js';

export interface VarianceOptions {
  /** Taken from the number of elements in the divisor: 1 estimates without bias, 0 is the mean square; default 1. */
  correction?: number;
}

export const checkCorrection = (op: string, { correction = 1 }: VarianceOptions): void =>
  checkNonNegative(op, 'correction', correction);

kernel('scaledDifference', { flops: 2 });

/** (x − center) · scale, which broadcast to x. */
const scaledDifference = fused(
  'scaledDifference',
  (x: Tensor, center: Tensor, scale: Tensor) => mul(sub(x, center), scale),
  (x, center, scale) => {
    const y = emptyLike(x);
    run('scaledDifference', [y, x, center, scale]);
    return {
      result: y,
      saved: [x, center, scale],
      backward: (dy) => [() => mul(dy, scale), () => neg(mul(dy, scale)), () => mul(dy, sub(x, center))],
    };
  },
);

const meanOf = (x: Tensor, axes: readonly number[]): Tensor => mean(x, axes, { keepDims: true });

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
  reduce: (x, axes, { correction = 1 }) => {
    const freedom = reducedCount(x.shape, axes) - correction;
    const divisor = freedom > 0 ? freedom : Number.NaN;
    const values = x.detach();
    const y = div(sumOfSquares(sub(values, meanOf(values, axes)), axes), divisor);
    // dx = 2 (x − mean x) · dy / divisor: what comes by way of the mean adds up to 0.
    return record('variance', y, [x], [x], (dy, [x]) => [scaledDifference(x, meanOf(x, axes), mul(dy, 2 / divisor))]);
  },
});
