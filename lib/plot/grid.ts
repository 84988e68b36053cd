import { checkObject } from '../core/check.js';
import { ShapeError, ValueError } from '../core/errors.js';
import { isShown } from './marks.js';

/** Values over a rectangle: `values[i][j]` at `y[i]` and `x[j]`, both ascending. One that is NaN or infinite leaves a gap. */
export interface Grid {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly values: readonly ArrayLike<number>[];
}

export function checkGrid(op: string, grid: Grid): void {
  checkObject(op, 'the grid', grid, ['x', 'y', 'values']);
  const { x, y, values } = grid;
  for (const [name, points] of Object.entries({ x, y })) {
    const wrong = points.findIndex((value, i) => !Number.isFinite(value) || (i > 0 && value <= points[i - 1]));
    if (points.length < 2 || wrong >= 0) {
      const got = points.length < 2 ? `${points.length} of them` : `${points[wrong]} at ${wrong}`;
      throw new ValueError(`${op}: ${name} must be at least two ascending numbers; got ${got}`);
    }
  }
  const row = values.findIndex(({ length }) => length !== x.length);
  if (values.length !== y.length || row >= 0) {
    const got = values.length !== y.length ? `${values.length} rows` : `${values[row].length} values in row ${row}`;
    throw new ShapeError(
      `${op}: values must be a row for each of ${y.length} y and in it one for each of ${x.length} x; got ${got}`,
    );
  }
}

/** The least and the greatest value that is shown; 0 and 1, or 1 and 10, if none is. */
export function rangeOf({ values }: Grid, z: { readonly log?: boolean }): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const row of values) {
    for (let j = 0; j < row.length; j++) {
      if (!isShown(row[j], z)) continue;
      low = Math.min(low, row[j]);
      high = Math.max(high, row[j]);
    }
  }
  if (low > high) return z.log === true ? [1, 10] : [0, 1];
  return [low, high];
}
