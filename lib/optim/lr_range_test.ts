import { checkFunction, checkInstance, checkObject, checkPositive, checkWhole, given } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import { noGrad } from '../tensor/tape.js';
import { overwrite, type Tensor } from '../tensor/tensor.js';
import { Optimizer } from './optimizer.js';

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

/** With what each step is called, where it takes something. */
export interface LrRangeTestBatches<B extends readonly unknown[]> {
  /** One a step, from the beginning again where they end: a DataLoader, an array. */
  batches: Iterable<B>;
}

/** One entry a step: the rate, and the loss before that step. */
export interface LrRange {
  rates: number[];
  losses: number[];
}

/**
 * The learning rate range test: takes steps with a rate that grows by the same factor each time, and returns the losses. The
 * rates between which the loss falls are the bounds of a cycle (`lrBounds`); or the highest is where the accuracy peaks, and
 * the lowest a third or a quarter of it. Parameters, the optimiser's state and rates are put back; buffers of the model are
 * not.
 *
 *     const step = capture((x: Tensor, y: Tensor) => {
 *       optimizer.zeroGrad();
 *       const loss = crossEntropy(model.forward(x), y);
 *       loss.backward();
 *       optimizer.step();
 *       return loss;
 *     });
 *     const { rates, losses } = lrRangeTest(optimizer, step, { batches: train, steps: train.length });
 *
 * @param step  computes a loss, takes a step, and returns the loss
 * @throws ValueError "lrRangeTest: batches must begin again where they end; there is none for step 11; give a DataLoader or an array"
 * @source Smith 2015, arXiv:1506.01186, section 3.3; lecture notes 004, lines 3128–3150 and 3199–3203
 */
export function lrRangeTest(
  optimizer: Optimizer<any>,
  step: () => Tensor | number,
  options?: LrRangeTestOptions,
): LrRange;
export function lrRangeTest<B extends readonly unknown[]>(
  optimizer: Optimizer<any>,
  step: (...batch: B) => Tensor | number,
  options: LrRangeTestOptions & LrRangeTestBatches<B>,
): LrRange;
export function lrRangeTest(
  optimizer: Optimizer<any>,
  step: (...batch: any) => Tensor | number,
  options: LrRangeTestOptions & Partial<LrRangeTestBatches<readonly unknown[]>> = {},
): LrRange {
  const { from = 1e-7, to = 10, steps = 100, divergence = 4, batches = [[]] } = given(options);
  checkInstance('lrRangeTest', 'optimizer', optimizer, Optimizer);
  checkFunction('lrRangeTest', 'step', step);
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
    for (const batch of inTurns(batches, steps)) {
      const rate = from * (to / from) ** (range.rates.length / (steps - 1));
      for (const group of optimizer.groups) group.lr = rate;
      const result = step(...batch);
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

/** A batch for each step, from the beginning again where they end. */
function* inTurns<B>(batches: Iterable<B>, steps: number): Generator<B, void> {
  for (let step = 0; step < steps; ) {
    const first = step;
    for (const batch of batches) {
      yield batch;
      if (++step === steps) return;
    }
    if (step > first) continue;
    throw new ValueError(
      `lrRangeTest: batches must begin again where they end; there is none for step ${step + 1}; give a DataLoader or an array`,
    );
  }
}

/** Rates of a cycle. */
export interface LrBounds {
  /** From here on the loss falls. */
  baseLr: number;
  /** Beyond it the loss diverges. */
  maxLr: number;
}

/**
 * Reads a range test: the first rate at which the averaged loss has done a fifth of its fall, from the first to the lowest,
 * and the last at which it has done four fifths. The losses are noisy: a cycle that stays below the upper one is safer.
 *
 *     const { maxLr } = lrBounds(lrRangeTest(optimizer, step));
 *     const schedule = new OneCycleLR(optimizer, { maxLr: maxLr / 2, totalSteps, every: 'step' });
 *
 * @throws ValueError "lrBounds: the loss must fall; none of 100 is below the first; begin with a lower rate"
 * @source lecture notes 004, lines 3201 and 3396; Smith 2015, arXiv:1506.01186, section 3.3
 */
export function lrBounds(range: LrRange): LrBounds {
  checkObject('lrBounds', 'the range', range, ['rates', 'losses']);
  const { rates, losses } = range;
  const averages = averagedLosses(losses);
  const [first] = averages;
  const lowest = Math.min(...averages.filter(Number.isFinite));
  if (!(lowest < first)) {
    throw new ValueError(
      `lrBounds: the loss must fall; none of ${losses.length} is below the first; begin with a lower rate`,
    );
  }
  const isBelow =
    (share: number) =>
    (average: number): boolean =>
      average <= first - share * (first - lowest);
  return { baseLr: rates[averages.findIndex(isBelow(0.2))], maxLr: rates[averages.findLastIndex(isBelow(0.8))] };
}

/** The mean over a tenth of the steps, as many of them before each as behind it; a loss that is not finite is left out. */
export function averagedLosses(losses: readonly number[]): number[] {
  const reach = Math.round(losses.length / 20);
  return losses.map((_, i) => {
    const around = losses.slice(Math.max(0, i - reach), i + reach + 1).filter(Number.isFinite);
    return around.reduce((sum, loss) => sum + loss, 0) / around.length;
  });
}
