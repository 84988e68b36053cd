import type { RocCurve } from '../../metrics/roc.js';
import { type Frame, figure } from '../figure.js';
import type { Line } from '../marks.js';
import { entriesOf, type OneOrNamed, withScore } from './named.js';

/**
 * Receiver operating characteristics with the areas under them, and the diagonal of chance.
 *
 *     await rocChart({ mine: rocCurve()(scores, labels), theirs: rocCurve()(others, labels) });
 */
export const rocChart = (curves: OneOrNamed<RocCurve>, frame: Partial<Frame> = {}): Promise<string> => {
  const lines = entriesOf('rocChart', curves, ['falsePositiveRate', 'truePositiveRate']).map(([name, curve]): Line => {
    const { falsePositiveRate: x, truePositiveRate: y } = curve;
    const area = x.slice(1).reduce((sum, u, i) => sum + ((u - x[i]) * (y[i] + y[i + 1])) / 2, 0);
    return { kind: 'line', name: withScore(name, 'AUC', area), points: x.map((u, i) => [u, y[i]]) };
  });
  const chance: Line = {
    kind: 'line',
    points: [
      [0, 0],
      [1, 1],
    ],
    dashed: true,
    width: 1,
  };
  const [x, y] = ['false positive rate', 'true positive rate'].map((label) => ({ label }));
  return figure({ title: 'ROC', x, y, equal: true, width: 600, ...frame }, [chance, ...lines]);
};
