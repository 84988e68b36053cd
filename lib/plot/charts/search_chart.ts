import { ValueError } from '../../core/errors.js';
import { type Frame, figure } from '../figure.js';
import type { Cells } from '../marks.js';

/** What was tried, and how good it was: one of a search's `trials`. */
export interface Trial {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly score: number;
}

/**
 * The scores of a search against two of its parameters: a cell for each pair of values, with the mean over all else.
 *
 *     await searchChart(trials, { x: 'lr', y: 'weightDecay' });
 *
 * @throws ValueError  "searchChart: every trial must have the parameter lr; got momentum"
 */
export async function searchChart(
  trials: readonly Trial[],
  { x, y, score = 'score', ...frame }: { x: string; y: string; score?: string } & Partial<Omit<Frame, 'x' | 'y'>>,
): Promise<string> {
  const valuesOf = (name: string): unknown[] => {
    const values = trials.map(({ parameters }) => {
      if (!Object.hasOwn(parameters, name)) {
        const got = Object.keys(parameters).join(', ');
        throw new ValueError(`searchChart: every trial must have the parameter ${name}; got ${got}`);
      }
      return parameters[name];
    });
    return [...new Set(values)].sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0));
  };
  const [across, up] = [valuesOf(x), valuesOf(y)];
  const cells = up.flatMap((v, i) =>
    across.flatMap((u, j): Cells['cells'][number][] => {
      const scores = trials.filter(({ parameters }) => parameters[x] === u && parameters[y] === v).map(({ score }) => score);
      if (scores.length === 0) return [];
      const mean = scores.reduce((sum, one) => sum + one, 0) / scores.length;
      return [{ x: [j - 0.5, j + 0.5], y: [i - 0.5, i + 0.5], z: mean, text: String(Number(mean.toPrecision(3))) }];
    }),
  );
  const [horizontal, vertical] = [
    { label: x, names: across.map(String) },
    { label: y, names: up.map(String) },
  ];
  return figure({ title: 'Search', x: horizontal, y: vertical, z: { label: score }, ...frame }, [
    { kind: 'cells', cells },
  ]);
}
