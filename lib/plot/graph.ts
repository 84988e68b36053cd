import { ComputationGraph, type GraphNode } from '../autodiff/computation_graph.js';
import { checkInstance } from '../core/check.js';
import { type Box, placeInLayers, type Route } from './layers.js';
import { escapeXml, round } from './svg.js';

const fontSize = 12;
const lineHeight = 16;
/** The mean width of a letter of a sans-serif typeface in bold, in pixels. */
const letter = 7.2;
const padding = { x: 10, y: 7 };
const margin = 20;

const fills = { leaf: '#e6f2fb', constant: '#f4f4f4', result: '#ffffff' };

interface Drawn extends Box {
  readonly node: GraphNode;
  readonly lines: readonly string[];
}

/**
 * A computation as a standalone SVG document: operands on the left, the result on the right; leaves blue, constants grey.
 * Each node shows its name and op, dtype and shape, value and gradient (orange); an edge between single elements its local
 * derivative. Nodes and edges carry names in `data-` attributes, for whoever reads it back.
 */
export function drawGraph(graph: ComputationGraph): string {
  checkInstance('drawGraph', 'the graph', graph, ComputationGraph);
  const boxes = graph.nodes.map((node): Drawn => {
    const lines = graph.label(node);
    const longest = Math.max(...lines.map((line) => line.length));
    const width = Math.round(longest * letter + 2 * padding.x);
    return { node, lines, width, height: lines.length * lineHeight + 2 * padding.y, x: 0, y: 0 };
  });
  const position = new Map(graph.nodes.map((node, i) => [node, i]));
  const edges = graph.nodes.flatMap((to, i) =>
    to.inputs.map(({ from, derivative }) => ({
      from,
      to,
      derivative,
      ends: [position.get(from) as number, i] as const,
    })),
  );
  const { routes, width, height } = placeInLayers(
    boxes,
    edges.map(({ ends }) => ends),
  );
  const lines = edges.map(({ from, to, derivative }, i) => {
    const value = derivative === null ? '' : ` data-derivative="${derivative}"`;
    const [d, middle] = curve(routes[i]);
    const label =
      derivative === null
        ? ''
        : `<text x="${middle[0]}" y="${round(middle[1] - 4)}" text-anchor="middle" font-size="11" stroke="#fff" stroke-width="3" paint-order="stroke">${Number(derivative.toPrecision(3))}</text>`;
    return `<g data-from="${escapeXml(from.name)}" data-to="${escapeXml(to.name)}"${value}><path d="${d}" fill="none" stroke="#888" marker-end="url(#arrow)"/>${label}</g>`;
  });
  const size = `${Math.ceil(width + 2 * margin)} ${Math.ceil(height + 2 * margin)}`;
  const [w, h] = size.split(' ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="${-margin} ${-margin} ${size}" font-family="sans-serif" font-size="${fontSize}" fill="#333">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0L8,4L0,8z" fill="#888"/></marker></defs>',
    `<rect x="${-margin}" y="${-margin}" width="${w}" height="${h}" fill="#fff"/>`,
    ...lines,
    ...boxes.map((box) => drawBox(box, box.node === graph.result)),
    '</svg>\n',
  ].join('\n');
}

function drawBox({ node, lines, x, y, width, height }: Drawn, isResult: boolean): string {
  const { name, op, kind, gradient } = node;
  const top = y - height / 2;
  const outline = `rx="6" fill="${fills[kind]}" stroke="#555" stroke-width="${isResult ? 2 : 1}"`;
  const texts = lines.map((line, i) => {
    const style =
      i === 0 ? ' font-weight="bold"' : gradient !== null && i === lines.length - 1 ? ' fill="#d55e00"' : '';
    const baseline = round(top + padding.y + (i + 0.75) * lineHeight);
    return `<text x="${round(x + width / 2)}" y="${baseline}" text-anchor="middle"${style}>${escapeXml(line)}</text>`;
  });
  return (
    `<g data-node="${escapeXml(name)}" data-op="${escapeXml(op ?? '')}" data-kind="${kind}">` +
    `<rect x="${round(x)}" y="${round(top)}" width="${width}" height="${height}" ${outline}/>${texts.join('')}</g>`
  );
}

/** A curve through a route, level where it begins, bends and ends; and the middle of its last part. */
function curve(route: Route): [d: string, middle: [x: number, y: number]] {
  const [start] = route;
  let x = start.x + start.width;
  let y = start.y;
  let d = `M${round(x)},${round(y)}`;
  let middle: [number, number] = [x, y];
  for (const box of route.slice(1)) {
    const half = (box.x - x) / 2;
    d += `C${round(x + half)},${round(y)} ${round(x + half)},${round(box.y)} ${round(box.x)},${round(box.y)}`;
    middle = [round(x + half), round((y + box.y) / 2)];
    [x, y] = [box.x, box.y];
  }
  return [d, middle];
}
