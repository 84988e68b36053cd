import { checkArray, checkFinite, checkPositive } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import type { EpochRecord } from '../train/records.js';

export interface ConvergenceOptions<M extends string> {
  /** Of the history: a score that rises as the model learns; default 'accuracy' where there is one, else none. */
  metric?: M;
  /** What that score must reach on the training data; default 0.99. */
  enough?: number;
  /** How much the loss may rise in all, as a share of all that it falls; > 0; default 0.5. */
  fluctuation?: number;
}

/** A line of the list. */
export interface ConvergenceCheck {
  readonly check: 'loss falls' | 'loss is steady' | 'metric rises' | 'metric is enough';
  readonly passed: boolean;
  /** What was judged: the change of the loss or the metric, what it rises for all that it falls, the last metric. */
  readonly value: number;
  /** What may be wrong where it did not pass. */
  readonly causes: readonly string[];
}

/**
 * The list to go through first, on the training data alone: whether the loss falls, without going up and down, and whether
 * the metric follows it and comes to an end near the best. The change is that from the mean of the first third of the
 * epochs to the mean of the last.
 *
 *     for (const { check, passed, causes } of checkConvergence(trainer.history)) if (!passed) console.log(check, causes);
 *
 * @param history  of at least three epochs
 * @throws ValueError "checkConvergence: the history must have three epochs or more; got 1"
 * @source lecture notes 004, lines 1867–1884
 */
export function checkConvergence<M extends string>(
  history: readonly EpochRecord<M>[],
  options: ConvergenceOptions<M> = {},
): ConvergenceCheck[] {
  const { enough = 0.99, fluctuation = 0.5 } = options;
  checkFinite('checkConvergence', 'enough', enough);
  checkPositive('checkConvergence', 'fluctuation', fluctuation);
  checkArray('checkConvergence', 'the history', history);
  if (history.length < 3) {
    throw new ValueError(`checkConvergence: the history must have three epochs or more; got ${history.length}`);
  }
  const names = Object.keys(history[0].train);
  const metric = options.metric ?? (names.includes('accuracy') ? 'accuracy' : undefined);
  if (metric !== undefined && !names.includes(metric)) {
    throw new ValueError(`checkConvergence: metric must be one of ${names.join(', ')}; got ${metric}`);
  }
  const course = (name: string): number[] => history.map(({ train }) => (train as Record<string, number>)[name]);

  const losses = course('loss');
  const fall = -change(losses);
  const unrest = rises(losses) / rises(losses.map((loss) => -loss));
  const checks: ConvergenceCheck[] = [
    {
      check: 'loss falls',
      passed: fall > 0,
      value: -fall,
      causes: ['the learning rate', 'another hyper-parameter', 'the optimiser', 'a mistake in the code'],
    },
    {
      check: 'loss is steady',
      passed: unrest <= fluctuation,
      value: unrest,
      causes: ['a learning rate that is too large', 'batches that are too small', 'a mistake in the code'],
    },
  ];
  if (metric === undefined) return checks;
  const scores = course(metric);
  const last = scores[scores.length - 1];
  return [
    ...checks,
    {
      check: 'metric rises',
      passed: change(scores) > 0,
      value: change(scores),
      causes:
        fall > 0 ? ['the loss, which is not of what the metric counts'] : ['whatever keeps the loss from falling'],
    },
    {
      check: 'metric is enough',
      passed: last >= enough,
      value: last,
      causes: [
        'a model with too few degrees of freedom',
        'too few epochs',
        'features that do not tell the classes apart',
        'wrong labels',
      ],
    },
  ];
}

/** From the mean of the first third to that of the last. */
function change(values: readonly number[]): number {
  const third = Math.ceil(values.length / 3);
  const mean = (some: readonly number[]): number => some.reduce((sum, value) => sum + value, 0) / third;
  return mean(values.slice(-third)) - mean(values.slice(0, third));
}

/** How much values rise from one to the next in all. */
const rises = (values: readonly number[]): number =>
  values.slice(1).reduce((sum, value, i) => sum + Math.max(0, value - values[i]), 0);
