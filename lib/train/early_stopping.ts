import { checkNonNegative, checkWhole } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import type { EpochRecord } from './records.js';

/**
 * When a run ends before its last epoch: as soon as `patience` epochs in a row have not improved on the best one so
 * far.
 *
 * @source Prechelt 1998, "Early stopping – but when?", criterion UP; options and edge cases as in Keras's EarlyStopping
 */
export interface EarlyStopping<M extends string = string> {
  /** The score to watch: of the validation data where `fit` has some, else of the training data; default 'loss'. */
  metric?: 'loss' | M;
  /** Epochs without an improvement; whole, ≥ 0, where 0 is as 1; default 0. */
  patience?: number;
  /** An improvement is larger than this; ≥ 0; default 0. */
  minDelta?: number;
  /**
   * Whether the score should fall or rise; default: 'max' for a name that ends in `accuracy`, 'min' for one in `loss` or
   * `error`; for other metrics it must be given.
   */
  mode?: 'min' | 'max';
  /** Give the model the weights of the best epoch once the run is over; default false. Checkpoints keep them too. */
  restoreBest?: boolean;
}

/** What a metric's name says of it. */
const modeOf = (metric: string): 'min' | 'max' | undefined =>
  /accuracy$/i.test(metric) ? 'max' : /(loss|error)$/i.test(metric) ? 'min' : undefined;

/** Refuses a metric that the trainer does not have, and options out of range. */
export function checkEarlyStopping(metrics: readonly string[], options: EarlyStopping): void {
  const { metric = 'loss', patience = 0, minDelta = 0 } = options;
  const scores = ['loss', ...metrics];
  if (!scores.includes(metric)) {
    throw new ValueError(`fit: earlyStopping.metric must be one of ${scores.join(', ')}; got '${metric}'`);
  }
  checkWhole('fit', 'earlyStopping.patience', patience, 0);
  checkNonNegative('fit', 'earlyStopping.minDelta', minDelta);
  const mode = options.mode ?? modeOf(metric);
  if (mode !== 'min' && mode !== 'max') {
    const got = mode === undefined ? `none, and '${metric}' does not say whether more is better` : `'${String(mode)}'`;
    throw new ValueError(`fit: earlyStopping.mode must be 'min' or 'max'; got ${got}`);
  }
}

/** What a history means: nothing else is remembered, so that a resumed run decides as one that never stopped. */
export interface Verdict {
  /** The best epoch; 0 if none had a score that is a number. */
  best: number;
  /** Its score. */
  score: number;
  /** Whether the run should end here. */
  over: boolean;
}

export function judge(
  history: readonly EpochRecord<string>[],
  { metric = 'loss', patience = 0, minDelta = 0, mode = modeOf(metric) }: EarlyStopping,
): Verdict {
  const sign = mode === 'min' ? 1 : -1;
  let best = 0;
  let least = Infinity;
  for (const { epoch, train, validation } of history) {
    const score = sign * (validation ?? train)[metric];
    if (score + minDelta < least) {
      best = epoch;
      least = score;
    }
  }
  // One bad epoch is never enough, not even if it is the only one: its score may have been NaN.
  const over = history.length > 1 && history.length - best >= Math.max(patience, 1);
  return { best, score: sign * least, over };
}
