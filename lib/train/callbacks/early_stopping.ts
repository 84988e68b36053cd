import { checkNonNegative, checkWhole, given } from '../../core/check.js';
import { StateError, ValueError } from '../../core/errors.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { EpochRecord } from '../records.js';
import type { AnyTrainer, Callback } from './callback.js';

/** Which epoch is the best one. */
export interface BestOptions {
  /** The score to watch: of the validation data where `fit` has some, else of the training data; default 'loss'. */
  metric?: string;
  /** Whether the score should fall or rise; default: as the metric says; for a bare function it must be given. */
  mode?: 'min' | 'max';
  /** An improvement is larger than this; ≥ 0; default 0. */
  minDelta?: number;
}

/**
 * When a run ends before its last epoch: as soon as `patience` epochs in a row have not improved on the best one so
 * far.
 */
export interface EarlyStoppingOptions extends BestOptions {
  /** Epochs without an improvement; whole, ≥ 0, where 0 is as 1; default 0. */
  patience?: number;
  /** Give the model the weights of the best epoch once the run is over; default false. Checkpoints keep them too. */
  restoreBest?: boolean;
}

/** The weights of the best epoch so far. */
interface BestWeights {
  epoch: number;
  weights: Map<string, Tensor>;
}

/**
 * Ends a run that no longer improves.
 *
 *     fit(batches, { epochs: 100, validation, callbacks: [earlyStopping({ metric: 'accuracy', patience: 5 })] });
 *
 * @source Prechelt 1998, "Early stopping – but when?", criterion UP; options and edge cases as in Keras's EarlyStopping
 */
export function earlyStopping(stopping: EarlyStoppingOptions = {}): Callback {
  const options = given(stopping);
  const { metric = 'loss', patience = 0, restoreBest = false } = options;
  checkWhole('earlyStopping', 'patience', patience, 0);
  checkBest('earlyStopping', options);
  let best: BestWeights | null = null;
  return {
    name: 'early_stopping',

    begin(run) {
      checkScore('earlyStopping', run, options);
      if (restoreBest && run.history.length > 0) checkKept(Math.max(1, judge(run, options).best), best);
      return isOver(run, options) ? 'stop' : undefined;
    },

    epoch({ epoch }, run) {
      const { best: bestEpoch, score } = judge(run, options);
      if (restoreBest && (bestEpoch === epoch || best === null)) {
        const weights = [...run.model.stateDict()].map(([name, tensor]) => [name, tensor.clone()] as const);
        best = { epoch, weights: new Map(weights) };
      }
      if (!isOver(run, options)) return undefined;
      run.emit(
        'log',
        `early stopping after epoch ${epoch}: ${metric} did not improve on ${score} of epoch ${bestEpoch}`,
      );
      return 'stop';
    },

    end(run, outcome) {
      if (restoreBest && best !== null && outcome === 'finished') run.model.loadStateDict(best.weights);
    },

    stateDict: () => ({ best }),
    loadStateDict(state: { best: BestWeights | null }) {
      best = state.best;
    },
  };
}

/** One bad epoch is never enough, not even if it is the only one: its score may have been NaN. */
function isOver(run: AnyTrainer, options: EarlyStoppingOptions): boolean {
  const { length } = run.history;
  return length > 1 && length - judge(run, options).best >= Math.max(options.patience ?? 0, 1);
}

/** Refuses to restore later what nobody kept. */
function checkKept(epoch: number, best: BestWeights | null): void {
  if (best?.epoch === epoch) return;
  const kept = best === null ? 'none' : `those of epoch ${best.epoch}`;
  throw new StateError(
    `earlyStopping: restoreBest needs the weights of epoch ${epoch}, the best so far; this run kept ${kept}; leave it out, or give the same earlyStopping from the first epoch on`,
  );
}

/** What a history means: nothing else is remembered, so that a resumed run decides as one that never stopped. */
export interface Verdict {
  /** The best epoch; 0 if none had a score that is a number. */
  best: number;
  /** Its score. */
  score: number;
}

/** The best epoch of a run's history. */
export function judge(run: Judged, options: BestOptions): Verdict {
  const { metric = 'loss', minDelta = 0 } = options;
  const sign = modeOf(run, options) === 'min' ? 1 : -1;
  let best = 0;
  let least = Infinity;
  for (const { epoch, train, validation } of run.history) {
    const score = sign * (validation ?? train)[metric];
    if (score + minDelta < least) {
      best = epoch;
      least = score;
    }
  }
  return { best, score: sign * least };
}

/** What of a trainer tells which epoch was the best. */
export interface Judged {
  readonly history: readonly EpochRecord<string>[];
  better(score: string): 'higher' | 'lower' | undefined;
}

function modeOf(run: Judged, { metric = 'loss', mode }: BestOptions): 'min' | 'max' | undefined {
  const better = run.better(metric);
  return mode ?? (better && (better === 'higher' ? 'max' : 'min'));
}

/** Refuses options out of range. */
export function checkBest(op: string, { minDelta = 0, mode }: BestOptions): void {
  checkNonNegative(op, 'minDelta', minDelta);
  if (mode !== undefined && mode !== 'min' && mode !== 'max') {
    throw new ValueError(`${op}: mode must be 'min' or 'max'; got '${String(mode)}'`);
  }
}

/** Refuses a score that a run does not have, and one of which nobody says whether more is better. */
export function checkScore(op: string, run: AnyTrainer, options: BestOptions): void {
  const { metric = 'loss' } = options;
  const { scores } = run;
  if (scores !== undefined && !scores.includes(metric)) {
    throw new ValueError(`${op}: metric must be one of ${scores.join(', ')}; got '${metric}'`);
  }
  if (modeOf(run, options) === undefined) {
    throw new ValueError(
      `${op}: mode must be 'min' or 'max', since '${metric}' does not say whether more is better; got none`,
    );
  }
}
