import { checkPositive } from '../../core/check.js';
import { abs } from '../elementwise/abs.js';
import { minimum } from '../elementwise/minimum.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { fusedLoss, reducedLoss } from './loss.js';

export interface HuberLossOptions {
  /** Where the parabola ends; > 0; default 1. */
  delta?: number;
}

export const checkHuber = (op: string, { delta = 1 }: HuberLossOptions): void => checkPositive(op, 'delta', delta);

/**
 * Huber's losses that turn into lines at `edge`, reduced. Difference, magnitude, minimum, two products, difference, sum;
 * difference, clamp, product.
 */
export const huber = fusedLoss('huberLoss', { flops: 7, gradient: 4 }, (x, t, edge) => {
  const distance = abs(sub(x, t));
  const near = minimum(distance, edge);
  return mul(near, sub(distance, mul(near, 0.5)));
});

/**
 * Huber's loss, with d = input − target: ½ · d² where |d| ≤ delta, else delta · (|d| − delta / 2); reduced.
 *
 * @param input   [...]
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ValueError "huberLoss: delta must be a number > 0; got 0"
 * @source Huber 1964, "Robust estimation of a location parameter", Annals of Mathematical Statistics 35(1)
 */
export const huberLoss = reducedLoss<HuberLossOptions>(
  'huberLoss',
  (x, t, { reduction = 'mean', delta = 1 }) => huber(x, t, { reduction, edge: delta }),
  { check: checkHuber },
);
