import { checkArray } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import type { EpochRecord } from '../../train/records.js';
import { type Frame, figure } from '../figure.js';
import type { Line } from '../marks.js';

type History = readonly EpochRecord<string>[];

/**
 * A metric against the epoch, of training and of validation where there is one.
 *
 *     await metricChart(trainer.history, 'accuracy');
 *
 * @throws ValueError  "metricChart: name must be a score of the history; got 'f1', it has loss, accuracy"
 */
export async function metricChart(history: History, name: string, frame: Partial<Frame> = {}): Promise<string> {
  checkArray('metricChart', 'the history', history);
  const scores = Object.keys(history[0]?.train ?? { [name]: 0 });
  if (!scores.includes(name)) {
    throw new ValueError(
      `metricChart: name must be a score of the history; got '${name}', it has ${scores.join(', ')}`,
    );
  }
  const line = (of: 'train' | 'validation', title: string): Line[] => {
    const points = history.flatMap((record) => {
      const one = record[of];
      return one === undefined ? [] : [[record.epoch, one[name]] as const];
    });
    return points.length === 0 ? [] : [{ kind: 'line', name: title, points }];
  };
  return figure({ title: name, x: { label: 'epoch' }, y: { label: name }, ...frame }, [
    ...line('train', 'training'),
    ...line('validation', 'validation'),
  ]);
}

/** The loss against the epoch, of training and of validation where there is one, on a logarithmic axis; see `metricChart`. */
export const lossChart = (history: History, frame: Partial<Frame> = {}): Promise<string> =>
  metricChart(history, 'loss', { title: 'Loss', y: { label: 'loss', log: true }, ...frame });
