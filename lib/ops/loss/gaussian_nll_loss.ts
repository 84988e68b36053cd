import { checkRange } from '../../backend/index.js';
import { checkPositive } from '../../core/check.js';
import { widen } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { sameShape, show } from '../../core/shape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { log } from '../elementwise/log.js';
import { maximum } from '../elementwise/maximum.js';
import { mul } from '../elementwise/mul.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { position } from '../indexing/indexing.js';
import { inFloat } from '../precision.js';
import { to } from '../shape/to.js';
import {
  checkOneShape,
  checkReduction,
  type LossOptions,
  type LossReduction,
  type Reduced,
  reduceLoss,
} from './loss.js';

export interface GaussianNllLossOptions {
  /** Add ½ · log 2π; default false. */
  full?: boolean;
  /** The least variance, whose gradient passes all the same; > 0; default 1e-6. */
  eps?: number;
}

export const checkGaussianNll = (op: string, { eps = 1e-6 }: GaussianNllLossOptions): void =>
  checkPositive(op, 'eps', eps);

/**
 * Negative log-likelihood of a normal distribution: ½ · (log v + (input − target)² / v) with v = max(variance, eps); reduced.
 * With a fixed variance it is the squared error but for a factor and a constant.
 *
 * @param input     [...], the mean
 * @param target    of input's shape
 * @param variance  ≥ 0; of input's shape, or with a last axis of 1 where one variance is for all of them
 * @returns         [], or with reduction 'none' of input's shape
 * @throws ValueError "gaussianNllLoss: variance must be ≥ 0; got -1 at [2]"
 * @source Nix, Weigend 1994, "Estimating the mean and variance of the target probability distribution", ICNN, equation 4
 */
export function gaussianNllLoss<const R extends LossReduction = 'mean'>(
  input: Tensor,
  target: Tensor,
  variance: Tensor,
  options: GaussianNllLossOptions & LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  const op = 'gaussianNllLoss';
  checkOneShape(op, { input, target });
  checkTensor(op, variance);
  checkReduction(op, options.reduction);
  checkGaussianNll(op, options);
  const { shape } = input;
  if (!sameShape(variance.shape, shape) && !sameShape(variance.shape, [...shape.slice(0, -1), 1])) {
    throw new ShapeError(
      `${op}: variance must be ${show(shape)}, as input, or have a last axis of 1; got ${show(variance.shape)}`,
    );
  }
  checkRange(
    to(variance.detach(), widen(variance.dtype)),
    { low: 0, high: Infinity },
    (value, at) => new ValueError(`${op}: variance must be ≥ 0; got ${value} at ${show(position(at, variance.shape))}`),
  );
  const { full = false, eps = 1e-6 } = options;
  return inFloat([input, target, variance], (x: Tensor, t: Tensor, variance: Tensor) => {
    const v = add(variance, sub(maximum(variance, eps), variance).detach());
    const losses = mul(add(log(v), div(square(sub(x, t)), v)), 0.5);
    return reduceLoss(full ? add(losses, 0.5 * Math.log(2 * Math.PI)) : losses, options);
  });
}
