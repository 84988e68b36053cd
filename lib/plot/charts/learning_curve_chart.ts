import { type Frame, figure, palette } from '../figure.js';
import type { Mark } from '../marks.js';

/** Scores of models that were taught this many examples, one a repetition. */
export interface LearningCurvePoint {
  readonly size: number;
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

/**
 * Scores against the number of examples: means of the repetitions, and bands of one standard deviation (n below the line)
 * on both sides.
 */
export const learningCurveChart = (
  points: readonly LearningCurvePoint[],
  { score = 'score', ...frame }: { score?: string } & Partial<Frame> = {},
): Promise<string> => {
  const marks = (['train', 'validation'] as const).flatMap((of, i): Mark[] => {
    const spread = points.map(({ size, ...scores }) => {
      const values = scores[of];
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return {
        size,
        mean,
        deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length),
      };
    });
    const name = { train: 'training', validation: 'validation' }[of];
    const means = spread.map(({ size, mean }) => [size, mean] as const);
    return [
      {
        kind: 'band',
        colour: palette[i],
        points: spread.map(({ size, mean, deviation }) => [size, mean - deviation, mean + deviation]),
      },
      { kind: 'line', name, points: means },
      { kind: 'dots', name, points: means },
    ];
  });
  return figure({ title: 'Learning curve', x: { label: 'examples' }, y: { label: score }, ...frame }, marks);
};
