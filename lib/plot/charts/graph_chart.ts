import { checkArray, checkWhole } from '../../core/check.js';
import { type Frame, figure, hidden, palette } from '../figure.js';
import { forceLayout } from '../force_layout.js';
import type { Dots, Mark, Point } from '../marks.js';

export interface GraphChartOptions extends Partial<Frame> {
  /** How many there are; default up to the last that has an edge. */
  nodes?: number;
  /** What is written into them; default their numbers, of up to 60. */
  names?: readonly string[];
  /** A class of each node, which is its colour. */
  labels?: ArrayLike<number>;
  /** Where they are; default where forces between them lead. */
  places?: readonly Point[];
}

/**
 * A graph as nodes and links.
 *
 *     await graphChart([[0, 1], [1, 2]], { labels: classes });
 *
 * @param edges  pairs of node numbers, from 0
 * @throws ValueError  "graphChart: edges[1] must be a whole number ≥ 0; got -1"
 */
export async function graphChart(
  edges: readonly (readonly [number, number])[],
  { nodes, names, labels, places, ...frame }: GraphChartOptions = {},
): Promise<string> {
  checkArray('graphChart', 'edges', edges);
  edges.forEach((edge, i) => {
    for (const end of edge) checkWhole('graphChart', `edges[${i}]`, end, 0);
  });
  const count = edges.flat().reduce((most, end) => Math.max(most, end + 1), nodes ?? 0);
  const at = places ?? (await forceLayout(count, edges));
  const [written, size] = count <= 60 || names !== undefined ? [true, 22] : [false, 9];
  const classes = [...new Set(Array.from({ length: count }, (_, i) => labels?.[i] ?? 0))].sort((a, b) => a - b);
  const marks: Mark[] = [
    { kind: 'line', width: 1, colour: '#bbb', points: edges.flatMap(([a, b]): Point[] => [at[a], at[b], [NaN, NaN]]) },
    ...classes.map(
      (label): Dots => ({
        kind: 'dots',
        size,
        points: at.filter((_, i) => (labels?.[i] ?? 0) === label),
        ...(labels === undefined
          ? { colour: '#56b4e9' }
          : { name: `class ${label}`, colour: palette[label % palette.length] }),
      }),
    ),
  ];
  if (written) {
    const texts = at.map((place, i) => ({ at: place, text: names?.[i] ?? String(i) }));
    marks.push({ kind: 'labels', size: 10, colour: labels === undefined ? '#000' : '#fff', labels: texts });
  }
  return figure({ title: 'Graph', x: hidden, y: hidden, equal: true, width: 640, height: 520, ...frame }, marks);
}
