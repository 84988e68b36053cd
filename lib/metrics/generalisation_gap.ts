import type { Meaning } from './metric.js';

/**
 * How much better a score is on the data that was learnt from: training − held out, or the other way round where less is
 * better. A net that has learnt random labels of ten classes by heart has a gap of 0.9 in accuracy.
 *
 * @param better  of the metric: 'higher' for an accuracy (the default), 'lower' for a loss
 * @source lecture notes 004, line 3546; Zhang, Bengio, Hardt, Recht, Vinyals 2017, arXiv:1611.03530
 */
export const generalisationGap = (train: number, heldOut: number, better: Meaning['better'] = 'higher'): number =>
  better === 'higher' ? train - heldOut : heldOut - train;
