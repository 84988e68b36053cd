import { ShapeError } from '../../core/errors.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { type Frame, figure, figures, type Panel } from '../figure.js';
import type { Cells } from '../marks.js';

export interface AttentionChartOptions {
  /** Above all of it; default none. */
  title?: string;
  /** What asks, a row each; default numbers. */
  queries?: readonly string[];
  /** What is looked at, a column each; default as the queries, if there are as many. */
  keys?: readonly string[];
  /** Pixels of a head; default 360. */
  size?: number;
}

/**
 * Who attends to whom: a row for each query, light where a key has much of its attention; a chart for each head.
 *
 *     await attentionChart(weights, { queries: words });
 *
 * @param weights  [queries, keys] or [heads, queries, keys]; rows sum to 1
 * @throws ShapeError  "attentionChart: weights must be [queries, keys] or [heads, queries, keys]; got [5]"
 */
export async function attentionChart(
  weights: Tensor<any, any>,
  { title = 'Attention', queries, keys, size = 360 }: AttentionChartOptions = {},
): Promise<string> {
  checkTensor('attentionChart', weights);
  const shape: readonly number[] = weights.shape;
  if (shape.length !== 2 && shape.length !== 3) {
    const got = `[${shape.join(', ')}]`;
    throw new ShapeError(`attentionChart: weights must be [queries, keys] or [heads, queries, keys]; got ${got}`);
  }
  const [heads, rows, columns] = shape.length === 2 ? [1, ...shape] : shape;
  const down = namesOf('queries', queries, rows);
  const across = namesOf('keys', keys ?? (rows === columns ? queries : undefined), columns);
  const values = Array.from(weights.detach().data(), Number);
  const panels = Array.from({ length: heads }, (_, head): Panel => {
    const own = values.slice(head * rows * columns, (head + 1) * rows * columns);
    const frame: Frame = {
      title: heads === 1 ? title : `head ${head}`,
      x: { label: 'key', ...across },
      y: { label: 'query', reversed: true, ...down },
      z: { label: 'weight', domain: [0, Math.max(...own, 1e-12)] },
      width: size + 90,
      height: size,
    };
    return { frame, marks: [matrix(own, columns)] };
  });
  return heads === 1 ? figure(panels[0].frame, panels[0].marks) : figures(title, panels);
}

/** Numbers of rows in a matrix' frame are ticks like others. */
function namesOf(of: string, names: readonly string[] | undefined, count: number): { names?: readonly string[] } {
  if (names === undefined) return {};
  if (names.length !== count) {
    throw new ShapeError(`attentionChart: ${count} ${of} need as many names; got ${names.length}`);
  }
  return { names };
}

/** A cell for each entry, around its column and row. */
export const matrix = (values: readonly number[], columns: number): Cells => ({
  kind: 'cells',
  cells: values.map((z, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    return { x: [j - 0.5, j + 0.5], y: [i - 0.5, i + 0.5], z };
  }),
});

/**
 * A table of positions as a heat map: a row for each position, a column for each dimension.
 *
 *     await positionChart(sinusoidal(300, 64));
 *
 * @param table  [positions, dimensions]
 * @throws ShapeError  "positionChart: the table must be [positions, dimensions]; got [5]"
 * @source lecture notes 004, line 9138
 */
export async function positionChart(table: Tensor<any, any>, frame: Partial<Frame> = {}): Promise<string> {
  checkTensor('positionChart', table);
  const shape: readonly number[] = table.shape;
  if (shape.length !== 2) {
    throw new ShapeError(`positionChart: the table must be [positions, dimensions]; got [${shape.join(', ')}]`);
  }
  return figure(
    {
      title: 'Positions',
      x: { label: 'dimension' },
      y: { label: 'position', reversed: true },
      z: { label: 'value' },
      height: 540,
      ...frame,
    },
    [matrix(Array.from(table.detach().data(), Number), shape[1])],
  );
}
