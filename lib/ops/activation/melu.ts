import type { DType, Floating, Promoted } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { type Bump, bumps, type HatOptions, hat, withBumps } from './hats.js';

/** Hats of MeLU: the first from 0 to 4 · maxInput, each generation's half as wide, side by side. */
export const mexicanHats = (count: number, maxInput: number): Bump[] =>
  bumps(count, (generation, i) => {
    const lambda = (2 * maxInput) / 2 ** generation;
    return { a: lambda * (2 * i + 1), lambda };
  });

/**
 * Mexican ReLU, elementwise: prelu(x, c₀) + Σⱼ cⱼ · φⱼ(x), φ(x) = max(λ − |x − a|, 0), with k learned c for each channel or
 * for all, and fixed a and λ; `relu` where all c are 0.
 *
 *   maxInput 1, j = 1 … 7:  a = 2, 1, 3, 0.5, 1.5, 2.5, 3.5;  λ = 2, 1, 1, 0.5, 0.5, 0.5, 0.5
 *
 * @param x       [N, C, ...]; a vector or a number has one channel
 * @param weight  [C, k] or [1, k]: c₀ and the k − 1 hats' heights
 * @returns       of x's shape; integers give float32
 * @throws ShapeError "melu: weight must have the axes [channels, k]; got [3]"
 * @source Maguolo, Nanni, Ghidoni 2019, arXiv:1905.02473, section 3
 */
export function melu<S extends Shape, D extends DType, E extends DType>(
  x: Tensor<S, D>,
  weight: Tensor<any, E>,
  options: HatOptions = {},
): Tensor<S, Floating<Promoted<D, E>>> {
  checkTensor('melu', x);
  return withBumps('melu', x, weight, options, mexicanHats, hat);
}
