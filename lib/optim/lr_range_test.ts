import { checkPositive, checkWhole } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import { noGrad } from '../tensor/tape.js';
import { overwrite, type Tensor } from '../tensor/tensor.js';
import type { Optimizer } from './optimizer.js';

export interface LrRangeTestOptions {
  /** The first learning rate; > 0; default 1e-7. */
  from?: number;
  /** The last; above the first; default 10. */
  to?: number;
  /** Steps from the one to the other; whole, ≥ 2; default 100. */
  steps?: number;
  /** Stops where the loss is so many times its lowest; > 0; default 4. */
  divergence?: number;
}

/** One entry a step: the rate, and the loss before that step. */
export interface LrRange {
  rates: number[];
  losses: number[];
}

/**
 * The learning rate range test: takes steps with a rate that grows by the same factor each time, and returns the losses. The
 * rates between which the loss falls are the bounds of a cycle; or the highest is where the accuracy peaks, and the lowest a
 * third or a quarter of it. Parameters, the optimiser's state and rates are put back; buffers of the model are not.
 *
 *     const { rates, losses } = lrRangeTest(optimizer, () => {
 *       const [x, y] = nextBatch();
 *       optimizer.zeroGrad();
 *       const loss = crossEntropy(model.forward(x), y);
 *       loss.backward();
 *       optimizer.step();
 *       return loss;
 *     });
 *
 * @param step  computes a loss, takes a step, and returns the loss
 * @source Smith 2015, arXiv:1506.01186, section 3.3; lecture notes 004, lines 3128–3150 and 3199–3203
 */
export function lrRangeTest(
  optimizer: Optimizer<any>,
  step: () => Tensor | number,
  { from = 1e-7, to = 10, steps = 100, divergence = 4 }: LrRangeTestOptions = {},
): LrRange {
  checkPositive('lrRangeTest', 'from', from);
  checkPositive('lrRangeTest', 'to', to);
  checkPositive('lrRangeTest', 'divergence', divergence);
  checkWhole('lrRangeTest', 'steps', steps, 2);
  if (to <= from) throw new ValueError(`lrRangeTest: to must be above from; got from ${from} to ${to}`);
  const parameters = optimizer.parameters();
  const before = parameters.map((parameter) => noGrad(() => parameter.clone()));
  const state = optimizer.stateDict();
  const range: LrRange = { rates: [], losses: [] };
  let lowest = Infinity;
  try {
    for (let i = 0; i < steps; i++) {
      const rate = from * (to / from) ** (i / (steps - 1));
      for (const group of optimizer.groups) group.lr = rate;
      const result = step();
      const loss = Number(typeof result === 'number' ? result : result.item());
      range.rates.push(rate);
      range.losses.push(loss);
      lowest = Math.min(lowest, loss);
      if (!(loss <= divergence * lowest)) break;
    }
  } finally {
    parameters.forEach((parameter, i) => {
      overwrite('lrRangeTest', parameter, before[i]);
    });
    optimizer.loadStateDict(state);
  }
  return range;
}
