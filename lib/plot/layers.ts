/*
 * The layered drawing of a directed graph: every box stands to the right of those it depends on, edges over several layers
 * bend in each of them, boxes are ordered by the mean place of their neighbours.
 *
 * Source: Sugiyama, Tagawa, Toda 1981, "Methods for visual understanding of hierarchical system structures",
 * doi:10.1109/TSMC.1981.4308636; ranks by longest path, the barycentre method.
 */

/** What has a place: x is the left edge, y the middle. A bend of an edge has no size. */
export interface Box {
  readonly width: number;
  readonly height: number;
  x: number;
  y: number;
}

/** An edge's way: from its first box through bends to its last. */
export type Route = readonly Box[];

interface Cell extends Box {
  readonly before: Cell[];
  readonly after: Cell[];
}

const gap = { between: 70, within: 18 };
const sweeps = 8;

/**
 * Gives boxes their places; the smallest x and y are 0.
 *
 * @param boxes   each after those that it depends on
 * @param edges   pairs of positions in boxes
 * @returns       the way of each edge, and the size of the drawing
 */
export function placeInLayers(
  boxes: readonly Box[],
  edges: readonly (readonly [from: number, to: number])[],
): { routes: Route[]; width: number; height: number } {
  const cells: Cell[] = boxes.map((box) => Object.assign(box, { before: [], after: [] }));
  const ranks = ranksOf(boxes.length, edges);
  const layers: Cell[][] = Array.from({ length: Math.max(...ranks) + 1 }, () => []);
  for (const [i, cell] of cells.entries()) layers[ranks[i]].push(cell);

  const routes = edges.map(([from, to]) => {
    const route = [cells[from]];
    for (let rank = ranks[from] + 1; rank < ranks[to]; rank++) {
      const bend: Cell = { width: 0, height: 0, x: 0, y: 0, before: [], after: [] };
      layers[rank].push(bend);
      route.push(bend);
    }
    route.push(cells[to]);
    for (let i = 1; i < route.length; i++) {
      route[i - 1].after.push(route[i]);
      route[i].before.push(route[i - 1]);
    }
    return route;
  });

  order(layers);
  let x = 0;
  for (const layer of layers) {
    const width = Math.max(...layer.map((cell) => cell.width));
    for (const cell of layer) cell.x = x + (width - cell.width) / 2;
    x += width + gap.between;
  }
  level(layers);
  const all = layers.flat();
  const top = Math.min(...all.map(({ y, height }) => y - height / 2));
  for (const cell of all) cell.y -= top;
  return { routes, width: x - gap.between, height: Math.max(...all.map(({ y, height }) => y + height / 2)) };
}

/** The length of the longest way to each; what depends on nothing stands right before its first reader. */
function ranksOf(count: number, edges: readonly (readonly [from: number, to: number])[]): number[] {
  const ranks = new Array<number>(count).fill(0);
  const inputs = Array.from({ length: count }, (): number[] => []);
  for (const [from, to] of edges) inputs[to].push(from);
  for (let i = 0; i < count; i++) for (const from of inputs[i]) ranks[i] = Math.max(ranks[i], ranks[from] + 1);
  for (let i = 0; i < count; i++) {
    const readers = edges.flatMap(([from, to]) => (from === i ? [ranks[to]] : []));
    if (inputs[i].length === 0 && readers.length > 0) ranks[i] = Math.min(...readers) - 1;
  }
  return ranks;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Sorts each layer by the mean place of its neighbours in the one before, then in the one after, and so on. */
function order(layers: readonly Cell[][]): void {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const side = sweep % 2 === 0 ? 'before' : 'after';
    for (const layer of side === 'before' ? layers : [...layers].reverse()) {
      // While the order is sought, y is a place in it.
      const wanted = new Map(
        layer.map((cell) => [cell, cell[side].length === 0 ? cell.y : mean(cell[side].map(({ y }) => y))]),
      );
      layer.sort((a, b) => (wanted.get(a) as number) - (wanted.get(b) as number));
      layer.forEach((cell, i) => {
        cell.y = i - (layer.length - 1) / 2;
      });
    }
  }
}

/** Brings each box to the mean height of its neighbours, as far as those of its layer let it. */
function level(layers: readonly Cell[][]): void {
  for (const layer of layers) for (const cell of layer) cell.y = 0;
  for (let sweep = 0; sweep <= sweeps; sweep++) {
    const side = sweep % 2 === 0 ? 'before' : 'after';
    for (const layer of side === 'before' ? layers : [...layers].reverse()) {
      const wanted = layer.map((cell) => (cell[side].length === 0 ? cell.y : mean(cell[side].map(({ y }) => y))));
      let bottom = Number.NEGATIVE_INFINITY;
      layer.forEach((cell, i) => {
        cell.y = Math.max(wanted[i], bottom + cell.height / 2);
        bottom = cell.y + cell.height / 2 + gap.within;
      });
      // Pushed down one by one, they stand too low together.
      const excess = mean(layer.map((cell, i) => cell.y - wanted[i]));
      for (const cell of layer) cell.y -= excess;
    }
  }
}
