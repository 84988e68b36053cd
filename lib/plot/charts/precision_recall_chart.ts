import type { PrecisionRecallCurve } from '../../metrics/average_precision.js';
import { type Frame, figure } from '../figure.js';
import type { Line } from '../marks.js';
import { entriesOf, type OneOrNamed, withScore } from './named.js';

/** Precision against recall, with the average precisions: Σ (Rᵢ − Rᵢ₊₁) · Pᵢ. */
export const precisionRecallChart = (
  curves: OneOrNamed<PrecisionRecallCurve>,
  frame: Partial<Frame> = {},
): Promise<string> => {
  const lines = entriesOf('precisionRecallChart', curves, ['precision', 'recall']).map(
    ([name, { precision, recall }]): Line => {
      const average = recall.slice(1).reduce((sum, r, i) => sum + (recall[i] - r) * precision[i], 0);
      return { kind: 'line', name: withScore(name, 'AP', average), points: recall.map((r, i) => [r, precision[i]]) };
    },
  );
  const [x, y] = ['recall', 'precision'].map((label) => ({ label, domain: [0, 1] as const }));
  return figure({ title: 'Precision and recall', x, y, equal: true, width: 600, ...frame }, lines);
};
