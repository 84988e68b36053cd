import { kernel } from '../../backend/index.js';
import { fused } from '../../tensor/op.js';
import type { Tensor } from '../../tensor/tensor.js';
import { mul } from '../elementwise/mul.js';
import { square } from '../elementwise/square.js';
import { reduceWith, reductionFlops } from './reduction.js';
import { sum } from './sum.js';

kernel('sumOfSquares', { flops: (views) => 2 * reductionFlops(views) });

/** Σ x² over the given axes, which stay with size 1, in one pass; x float32 or float64. */
export const sumOfSquares = fused(
  'sumOfSquares',
  (x: Tensor, axes: readonly number[]) => sum(square(x), axes, { keepDims: true }),
  (x, axes) => ({
    result: reduceWith('sumOfSquares', x, axes),
    saved: [x],
    backward: (dy) => [mul(x, mul(dy, 2))],
  }),
);
