import type { DType, Floating, Promoted } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { abs } from '../elementwise/abs.js';
import { add } from '../elementwise/add.js';
import { minimum } from '../elementwise/minimum.js';
import { sub } from '../elementwise/sub.js';
import { type Bump, bumps, type HatOptions, hat, withBumps } from './hats.js';

/** Waves of GaLU: the first from 0 to 4 · maxInput, each generation's half as wide, side by side. */
export const gaussianWaves = (count: number, maxInput: number): Bump[] =>
  bumps(count, (generation, i) => {
    const lambda = maxInput / 2 ** generation;
    return { a: lambda * (4 * i + 1), lambda };
  });

/** max(λ − |x − a|, 0) + min(|x − a − 2λ| − λ, 0) */
const wave = (x: Tensor, bump: Bump): Tensor =>
  add(hat(x, bump), minimum(sub(abs(sub(x, bump.a + 2 * bump.lambda)), bump.lambda), 0));

/**
 * Gaussian ReLU, elementwise: as `melu`, with φ(x) = max(λ − |x − a|, 0) + min(|x − a − 2λ| − λ, 0).
 *
 *   maxInput 1, j = 1 … 7:  a = 1, 0.5, 2.5, 0.25, 1.25, 2.25, 3.25;  λ = 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25
 *
 * @param x       [N, C, ...]; a vector or a number has one channel
 * @param weight  [C, k] or [1, k]: c₀ and the k − 1 waves' heights
 * @returns       of x's shape; integers give float32
 * @throws ShapeError "galu: weight must have the axes [channels, k]; got [3]"
 * @source Nanni, Maguolo, Brahnam, Paci 2021, "Comparison of different convolutional neural network activation functions
 *         and methods for building ensembles", arXiv:2103.15898, section 2
 */
export function galu<S extends Shape, D extends DType, E extends DType>(
  x: Tensor<S, D>,
  weight: Tensor<any, E>,
  options: HatOptions = {},
): Tensor<S, Floating<Promoted<D, E>>> {
  checkTensor('galu', x);
  return withBumps('galu', x, weight, options, gaussianWaves, wave);
}
