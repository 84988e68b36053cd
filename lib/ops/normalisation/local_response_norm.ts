import { checkFinite, checkWhole } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { mul } from '../elementwise/mul.js';
import { pow } from '../elementwise/pow.js';
import { square } from '../elementwise/square.js';
import { inFloat } from '../precision.js';
import { pad } from '../shape/pad.js';
import { slice } from '../shape/slice.js';

export interface LocalResponseNormOptions {
  /** Weight of the neighbours' mean square; default 1e-4. */
  alpha?: number | undefined;
  /** Exponent of the divisor; default 0.75. */
  beta?: number | undefined;
  /** Added to it; default 1. */
  k?: number | undefined;
}

/**
 * Divides each element by what the `size` channels around it have at its position:
 *
 *   y = x / (k + alpha / size · Σ x²)^beta
 *
 * over ⌊size / 2⌋ channels before and ⌊(size − 1) / 2⌋ behind; those that are not there count as 0. AlexNet's formula has
 * alpha without the size.
 *
 * @param x     [N, C, ...]
 * @param size  whole, ≥ 1
 * @returns     of x's shape; integers give float32
 * @throws ShapeError "localResponseNorm: x must have the axes [batch, channels, ...]; got [3]"
 * @source Krizhevsky, Sutskever, Hinton 2012, "ImageNet classification with deep convolutional neural networks", section 3.3
 */
export function localResponseNorm<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  size: number,
  { alpha = 1e-4, beta = 0.75, k = 1 }: LocalResponseNormOptions = {},
): Tensor<S, Floating<D>> {
  checkRank('localResponseNorm', 'x', x, ['batch', 'channels', '...']);
  checkWhole('localResponseNorm', 'size', size, 1);
  for (const [name, value] of Object.entries({ alpha, beta, k })) checkFinite('localResponseNorm', name, value);
  const channels: number = x.shape[1];
  return inFloat([x], (x: Tensor) => {
    const around: [number, number][] = [
      [Math.floor(size / 2), Math.floor((size - 1) / 2)],
      ...new Array<[number, number]>(x.rank - 2).fill([0, 0]),
    ];
    const squares: Tensor = pad(square(x), around);
    const total = Array.from({ length: size }, (_, i): Tensor => slice(squares, null, [i, i + channels])).reduce(
      (sum, part): Tensor => add(sum, part),
    );
    return div(x, pow(add(mul(total, alpha / size), k), beta));
  });
}
