import { checkObject } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import type { SearchResult } from '../../search/search.js';
import { type Frame, figure } from '../figure.js';
import type { Cells } from '../marks.js';

/**
 * The scores of a search against two of its parameters, numbers or words: at each pair of values the best of the trials
 * that have them.
 *
 *     await searchChart(await gridSearch(space, objective, options), { x: 'lr', y: 'weightDecay' });
 *
 * @param options.x      the parameter to the right
 * @param options.y      the one up
 * @param options.score  what the score is called; default 'score'
 * @throws ValueError  "searchChart: every trial must have the parameter lr; got momentum"
 */
export async function searchChart<P extends Readonly<Record<string, unknown>>>(
  result: Pick<SearchResult<P>, 'trials' | 'direction'>,
  options: { x: keyof P & string; y: keyof P & string; score?: string } & Partial<Omit<Frame, 'x' | 'y'>>,
): Promise<string> {
  checkObject('searchChart', 'the result', result, ['trials', 'direction']);
  checkObject('searchChart', 'options', options, ['x', 'y']);
  const { trials, direction } = result;
  const { x, y, score = 'score', ...frame } = options;
  const valuesOf = (name: keyof P & string): unknown[] => {
    const values = trials.map(({ parameters }): unknown => {
      if (Object.hasOwn(parameters, name)) return parameters[name];
      const got = Object.keys(parameters).join(', ');
      throw new ValueError(`searchChart: every trial must have the parameter ${name}; got ${got}`);
    });
    return [...new Set(values)].sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0));
  };
  const [across, up] = [valuesOf(x), valuesOf(y)];
  const cells = up.flatMap((v, i) =>
    across.flatMap((u, j): Cells['cells'][number][] => {
      const found = trials.filter(({ parameters }) => parameters[x] === u && parameters[y] === v);
      const scores = found.map(({ score }) => score).filter((score) => !Number.isNaN(score));
      if (scores.length === 0) return [];
      const best = direction === 'maximise' ? Math.max(...scores) : Math.min(...scores);
      return [{ x: [j - 0.5, j + 0.5], y: [i - 0.5, i + 0.5], z: best, text: String(Number(best.toPrecision(3))) }];
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
