import { checkPositive } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { checkShape, sameShape, show } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { rsqrt } from '../elementwise/rsqrt.js';
import { square } from '../elementwise/square.js';
import { inFloat } from '../precision.js';
import { mean } from '../reduction/mean.js';

export interface RmsNormOptions {
  /** Of the normalised axes' shape, factor of each element; default 1. */
  weight?: Tensor | null | undefined;
  /** Added to the mean square; > 0; default 2⁻²³, or 2⁻⁵² of float64: the spacing of numbers at 1. */
  eps?: number | undefined;
}

/**
 * Scales the last axes to a root mean square of 1: y = weight · x / √(mean x² + eps). Unlike `layerNorm` it does not centre.
 *
 * @param x                [..., ...normalizedShape]
 * @param normalizedShape  the sizes of the last axes
 * @returns                of x's shape; integers give float32
 * @throws ShapeError "rmsNorm: the last axes of x must be [3]; got [2, 4]"
 * @source Zhang, Sennrich 2019, arXiv:1910.07467, equation 4
 */
export function rmsNorm<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  normalizedShape: readonly number[],
  { weight, eps }: RmsNormOptions = {},
): Tensor<S, Floating<D>> {
  checkTensor('rmsNorm', x);
  checkShape('rmsNorm', normalizedShape);
  const first = x.rank - normalizedShape.length;
  if (normalizedShape.length === 0 || !sameShape(x.shape.slice(Math.max(0, first)), normalizedShape)) {
    throw new ShapeError(`rmsNorm: the last axes of x must be ${show(normalizedShape)}; got ${show(x.shape)}`);
  }
  if (weight && !sameShape(weight.shape, normalizedShape)) {
    throw new ShapeError(`rmsNorm: weight must be ${show(normalizedShape)}; got ${show(weight.shape)}`);
  }
  if (eps !== undefined) checkPositive('rmsNorm', 'eps', eps);
  const axes = normalizedShape.map((_, i) => first + i);
  return inFloat([x, weight ?? undefined], (x, weight) => {
    const input = x as Tensor;
    const spacing = input.dtype === 'float64' ? 2 ** -52 : 2 ** -23;
    const scaled: Tensor = mul(input, rsqrt(add(mean(square(input), axes, { keepDims: true }), eps ?? spacing)));
    return weight === undefined ? scaled : mul(scaled, weight);
  });
}
