import { checkArray } from '../../core/check.js';
import type { LearningPoint } from '../../diagnose/learning_curve.js';
import { type Frame, figure, palette } from '../figure.js';
import type { Mark } from '../marks.js';

/**
 * Scores against the number of examples: means of the runs, and bands of one standard deviation on both sides.
 *
 *     await learningCurveChart(await learningCurve(train, [100, 200, 400], { seeds: 3 }));
 */
export function learningCurveChart<M extends string>(
  curve: readonly LearningPoint<M>[],
  frame: Partial<Frame> = {},
): Promise<string> {
  checkArray('learningCurveChart', 'the curve', curve);
  const marks = (Object.keys(curve[0]?.summary ?? {}) as M[]).flatMap((name, i): Mark[] => {
    const points = curve.map(({ count, summary }) => [count, summary[name].mean] as const);
    const band = curve.map(({ count, summary }) => {
      const { mean, deviation } = summary[name];
      return [count, mean - deviation, mean + deviation] as const;
    });
    return [
      { kind: 'band', colour: palette[i % palette.length], points: band },
      { kind: 'line', name, points },
      { kind: 'dots', name, points },
    ];
  });
  return figure({ title: 'Learning curve', x: { label: 'examples' }, y: { label: 'score' }, ...frame }, marks);
}
