import type * as Vega from 'vega';
import { importPeer } from '../core/peer.js';
import type { Point } from './marks.js';

/**
 * Places for the nodes of a graph, found by forces: nodes drive each other away, edges draw theirs together. The same for
 * the same edges.
 *
 * @source Fruchterman, Reingold 1991, "Graph drawing by force-directed placement"; vega-force
 */
export async function forceLayout(nodes: number, edges: readonly (readonly [number, number])[]): Promise<Point[]> {
  const vega = await importPeer<typeof Vega>('plot', 'vega');
  const centre = (axis: 'x' | 'y'): object => ({ force: axis, [axis]: 0, strength: 0.04 });
  const forces = [
    { force: 'nbody', strength: -120 },
    { force: 'link', links: 'links', distance: 30 },
    centre('x'),
    centre('y'),
  ];
  const spec = {
    data: [
      { name: 'links', values: edges.map(([source, target]) => ({ source, target })) },
      {
        name: 'nodes',
        values: Array.from({ length: nodes }, (_, node) => ({ node })),
        transform: [{ type: 'force', static: true, iterations: 500, forces }],
      },
    ],
  };
  const view = new vega.View(vega.parse(spec as Vega.Spec), { renderer: 'none' });
  await view.runAsync();
  const places: Point[] = view.data('nodes').map(({ x, y }) => [x, y]);
  view.finalize();
  return places;
}
