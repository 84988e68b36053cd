import { checkPositive } from '../../core/check.js';
import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { add } from '../elementwise/add.js';
import { exp } from '../elementwise/exp.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { mean } from '../reduction/mean.js';
import { squaredDistances } from './distances.js';

export interface MmdLossOptions {
  /** The widths σ of the Gaussian kernels, whose sum is taken; each > 0; default [1]. */
  bandwidths?: readonly number[];
}

export function checkMmd(op: string, { bandwidths = [1] }: MmdLossOptions): void {
  for (const width of bandwidths) checkPositive(op, 'each of bandwidths', width);
}

/**
 * Squared maximum mean discrepancy between two samples, 0 for equal ones:
 *
 *   mean k(xᵢ, xⱼ) + mean k(yᵢ, yⱼ) − 2 · mean k(xᵢ, yⱼ),  k(a, b) = Σ over σ of e^(−‖a − b‖² / 2σ²)
 *
 * @param x  [n, d]
 * @param y  [m, d]
 * @returns  []
 * @throws ShapeError "mmdLoss: x and y must have vectors of one length; got [4, 2] and [4, 3]"
 * @source Gretton and others 2012, "A kernel two-sample test", JMLR 13, equation 5 (the biased estimate)
 */
export function mmdLoss(x: Tensor, y: Tensor, options: MmdLossOptions = {}): Tensor<[]> {
  checkRank('mmdLoss', 'x', x, ['samples', 'features']);
  checkRank('mmdLoss', 'y', y, ['samples', 'features']);
  checkMmd('mmdLoss', options);
  if (x.shape[1] !== y.shape[1]) {
    throw new ShapeError(`mmdLoss: x and y must have vectors of one length; got ${show(x.shape)} and ${show(y.shape)}`);
  }
  const { bandwidths = [1] } = options;
  const similarity = (a: Tensor, b: Tensor): Tensor => {
    const distances = squaredDistances(a, b);
    return mean(bandwidths.map((width) => exp(mul(distances, -1 / (2 * width * width)))).reduce((p, q) => add(p, q)));
  };
  return inFloat([x, y], (x: Tensor, y: Tensor) =>
    sub(add(similarity(x, x), similarity(y, y)), mul(similarity(x, y), 2)),
  );
}
