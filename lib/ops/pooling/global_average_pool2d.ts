import type { DType } from '../../core/dtype.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { checkImages } from '../convolution/window.js';
import { mean } from '../reduction/mean.js';
import type { FloatOut } from '../reduction/reduction.js';

/**
 * The mean of every channel's plane; PyTorch's AdaptiveAvgPool2d(1).
 *
 * @param x  [N, C, H, W]
 * @returns  [N, C, 1, 1]
 */
export function globalAveragePool2d<N extends number, C extends number, D extends DType>(
  x: Tensor<[N, C, number, number], D>,
): Tensor<[N, C, 1, 1], FloatOut[D]> {
  checkTensor('globalAveragePool2d', x);
  checkImages('globalAveragePool2d', x);
  return mean(x, [2, 3], { keepDims: true });
}
