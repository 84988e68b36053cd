import { checkObject } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import type { Grid } from '../plot/grid.js';
import type { SearchResult } from './search.js';

/**
 * The scores of a search over two of its parameters, for `heatMap` and `contourChart`: at each pair of values the best of
 * the trials that have them, NaN where there is none.
 *
 *     const { x, y, values } = scoreGrid(result, 'lr', 'weightDecay');
 *     await heatMap({ title, x: { label: 'log₁₀ lr' }, y: …, z: …, grid: { x: x.map(Math.log10), y: y.map(Math.log10), values } });
 *
 * @returns  x and y ascending; values[i][j] of y[i] and x[j]
 * @throws ValueError "scoreGrid: activation must be a parameter whose values are numbers; got 'relu'"
 */
export function scoreGrid<P extends Readonly<Record<string, unknown>>>(
  result: Pick<SearchResult<P>, 'trials' | 'direction'>,
  x: keyof P & string,
  y: keyof P & string,
): Grid {
  checkObject('scoreGrid', 'the result', result, ['trials', 'direction']);
  const { trials, direction } = result;
  const valueOf = (name: keyof P & string, parameters: P): number => {
    const value = parameters[name];
    if (typeof value === 'number') return value;
    const got = typeof value === 'string' ? `'${value}'` : String(value);
    throw new ValueError(`scoreGrid: ${name} must be a parameter whose values are numbers; got ${got}`);
  };
  const axis = (name: keyof P & string): number[] => {
    const values = trials.map(({ parameters }) => valueOf(name, parameters));
    return [...new Set(values)].sort((a, b) => a - b);
  };
  const [columns, rows] = [axis(x), axis(y)];
  const values = rows.map(() => new Array<number>(columns.length).fill(NaN));
  for (const { parameters, score } of trials) {
    const row = values[rows.indexOf(valueOf(y, parameters))];
    const j = columns.indexOf(valueOf(x, parameters));
    const isBetter = direction === 'maximise' ? score > row[j] : score < row[j];
    if (isBetter || Number.isNaN(row[j])) row[j] = score;
  }
  return { x: columns, y: rows, values };
}
