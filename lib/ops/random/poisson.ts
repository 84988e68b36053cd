import { kernel } from '../../backend/index.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Generator } from '../../core/random.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { inFloat } from '../precision.js';
import { drawFrom } from './random.js';

// About so many below a rate of 10, and of a draw without a rejection above.
kernel('poisson', { flops: 25 });

/**
 * Numbers of Poisson distributions, each of a rate of its own: below 10 by search in the order of the counts, from there by
 * transformed rejection. NaN where the rate is no number ≥ 0.
 *
 * @param rate  [...], ≥ 0
 * @returns     of its shape, whole numbers in its dtype; integers give float32
 * @source Hörmann 1993, "The transformed rejection method for generating Poisson random variables",
 *         doi:10.1016/0167-6687(93)90997-4, algorithm PTRS
 */
export function poisson<S extends Shape, D extends DType>(
  rate: Tensor<S, D>,
  { generator }: { generator?: Generator | undefined } = {},
): Tensor<S, Floating<D>> {
  checkTensor('poisson', rate);
  return inFloat([rate], (rate: Tensor) => drawFrom('poisson', rate, generator));
}
