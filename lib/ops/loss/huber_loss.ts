import { checkPositive } from '../../core/check.js';
import { abs } from '../elementwise/abs.js';
import { le } from '../elementwise/le.js';
import { mul } from '../elementwise/mul.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { where } from '../indexing/where.js';
import { elementLoss } from './loss.js';

export interface HuberLossOptions {
  /** Where the parabola ends; > 0; default 1. */
  delta?: number;
}

export const checkHuber = (op: string, { delta = 1 }: HuberLossOptions): void => checkPositive(op, 'delta', delta);

/**
 * Huber's loss, with d = input − target: ½ · d² where |d| ≤ delta, else delta · (|d| − delta / 2); reduced.
 *
 * @param input   [...]
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ValueError "huberLoss: delta must be a number > 0; got 0"
 * @source Huber 1964, "Robust estimation of a location parameter", Annals of Mathematical Statistics 35(1)
 */
export const huberLoss = elementLoss<HuberLossOptions>(
  'huberLoss',
  (x, t, { delta = 1 }) => {
    const distance = abs(sub(x, t));
    return where(le(distance, delta), mul(square(distance), 0.5), mul(sub(distance, delta / 2), delta));
  },
  { check: checkHuber },
);
