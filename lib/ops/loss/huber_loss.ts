import { checkPositive } from '../../core/check.js';
import { noGrad, record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { abs } from '../elementwise/abs.js';
import { clamp } from '../elementwise/clamp.js';
import { minimum } from '../elementwise/minimum.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';
import { sub } from '../elementwise/sub.js';
import { elementLoss } from './loss.js';

export interface HuberLossOptions {
  /** Where the parabola ends; > 0; default 1. */
  delta?: number;
}

export const checkHuber = (op: string, { delta = 1 }: HuberLossOptions): void => checkPositive(op, 'delta', delta);

/**
 * Huber's losses with their derivative −delta … delta by hand, which reads input and target alone: of the steps to the
 * losses nothing is kept.
 */
export function huber(x: Tensor, t: Tensor, delta: number): Tensor {
  const losses = noGrad(() => {
    const distance = abs(sub(x, t));
    const near = minimum(distance, delta);
    return mul(near, sub(distance, mul(near, 0.5)));
  });
  return record('huberLoss', losses, [x, t], [x, t], (dy, [x, t]) => {
    const slope = (): Tensor => mul(dy, clamp(sub(x, t), { min: -delta, max: delta }));
    return [slope, () => neg(slope())];
  });
}

/**
 * Huber's loss, with d = input − target: ½ · d² where |d| ≤ delta, else delta · (|d| − delta / 2); reduced.
 *
 * @param input   [...]
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ValueError "huberLoss: delta must be a number > 0; got 0"
 * @source Huber 1964, "Robust estimation of a location parameter", Annals of Mathematical Statistics 35(1)
 */
export const huberLoss = elementLoss<HuberLossOptions>('huberLoss', (x, t, { delta = 1 }) => huber(x, t, delta), {
  check: checkHuber,
});
