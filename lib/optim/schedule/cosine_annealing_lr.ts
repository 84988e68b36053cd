import { checkNonNegative, checkWhole } from '../../core/check.js';
import type { Optimizer } from '../optimizer.js';
import { Schedule } from './schedule.js';

/**
 * Lowers the learning rate along half a cosine, from its base to `etaMin` in `tMax` steps; further steps raise it again.
 *
 *   lr(t) = etaMin + (base − etaMin) · (1 + cos(π t / tMax)) / 2
 *
 * @source Loshchilov, Hutter 2016, arXiv:1608.03983, equation 5, without restarts
 */
export class CosineAnnealingLR extends Schedule {
  /**
   * @param tMax    steps from the highest rate to the lowest; whole, ≥ 1
   * @param etaMin  lowest learning rate; ≥ 0; default 0
   */
  constructor(optimizer: Optimizer, { tMax, etaMin = 0 }: { tMax: number; etaMin?: number }) {
    checkWhole('CosineAnnealingLR', 'tMax', tMax, 1);
    checkNonNegative('CosineAnnealingLR', 'etaMin', etaMin);
    super(
      'CosineAnnealingLR',
      optimizer,
      (baseLr, step) => etaMin + ((baseLr - etaMin) * (1 + Math.cos((Math.PI * step) / tMax))) / 2,
    );
  }
}
