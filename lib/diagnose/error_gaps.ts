import { checkFinite, checkObject } from '../core/check.js';
import { generalisationGap } from '../metrics/generalisation_gap.js';
import type { Meaning } from '../metrics/metric.js';

/** One score on several sets of data. */
export interface SplitScores {
  /** The best that can be had, such as people's; without it there is no bias to tell. */
  readonly optimal?: number;
  /** The data that was learnt from. */
  readonly train: number;
  /** Held out from the same source. */
  readonly trainDev: number;
  /** Held out from the source that the model is for. */
  readonly dev: number;
  /** Of that source too, and not looked at while decisions were made; without it there is no telling. */
  readonly test?: number;
}

/** Each is how much worse the score gets by one cause, so that they add up to the whole; NaN where a score is missing. */
export interface ErrorGaps {
  /** optimal → train: a larger model, longer training. */
  readonly bias: number;
  /** train → trainDev: more data, regularisation. */
  readonly variance: number;
  /** trainDev → dev: training data more like those that the model is for. */
  readonly mismatch: number;
  /** dev → test: a larger dev set. */
  readonly overfitting: number;
}

/**
 * Where a score is lost, by two dev sets: one held out from the training data, one from the data that the model is for. What
 * differs between them is the mismatch of the two.
 *
 *     errorGaps({ train: 0.99, trainDev: 0.985, dev: 0.90 }).mismatch          // 0.085: the data differ
 *
 * @param better  'higher' for an accuracy (the default), 'lower' for a loss
 * @source Ng 2018, "Machine Learning Yearning", chapters 40 to 42; lecture notes 003, lines 584–588
 */
export function errorGaps(scores: SplitScores, better: Meaning['better'] = 'higher'): ErrorGaps {
  checkObject('errorGaps', 'scores', scores, ['train', 'trainDev', 'dev']);
  for (const [name, score] of Object.entries(scores)) checkFinite('errorGaps', name, score);
  const { optimal = NaN, train, trainDev, dev, test = NaN } = scores;
  const lost = (from: number, to: number): number => generalisationGap(from, to, better);
  return {
    bias: lost(optimal, train),
    variance: lost(train, trainDev),
    mismatch: lost(trainDev, dev),
    overfitting: lost(dev, test),
  };
}
