import { checkNonNegative, checkWhole } from '../../core/check.js';
import type { Optimizer } from '../optimizer.js';
import { Schedule } from './schedule.js';

/**
 * Multiplies the learning rate by `gamma` every `stepSize` steps.
 *
 *   lr(t) = base · gamma^⌊t / stepSize⌋
 */
export class StepLR extends Schedule {
  /**
   * @param stepSize  steps between two changes; whole, ≥ 1
   * @param gamma     ≥ 0; default 0.1
   */
  constructor(optimizer: Optimizer, { stepSize, gamma = 0.1 }: { stepSize: number; gamma?: number }) {
    checkWhole('StepLR', 'stepSize', stepSize, 1);
    checkNonNegative('StepLR', 'gamma', gamma);
    super('StepLR', optimizer, (baseLr, step) => baseLr * gamma ** Math.floor(step / stepSize));
  }
}
