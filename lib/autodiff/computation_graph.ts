import type { DType } from '../core/dtype.js';
import { ShapeError, ValueError } from '../core/errors.js';
import { show, sizeOf } from '../core/shape.js';
import type { Shape } from '../core/types.js';
import type { Tensor } from '../tensor/tensor.js';

/** What an op read. */
export interface GraphEdge {
  readonly from: GraphNode;
  /** ∂(op's result)/∂(operand), where both have one element and the op was seen. */
  readonly derivative: number | null;
}

/** A tensor of a computation. */
export interface GraphNode {
  readonly name: string;
  /** What computed it; null for what was there before. */
  readonly op: string | null;
  /** A leaf has a gradient, a constant has none. */
  readonly kind: 'leaf' | 'constant' | 'result';
  readonly shape: Shape;
  readonly dtype: DType;
  /** The op's operands, in its order. */
  readonly inputs: readonly GraphEdge[];
  /** Null where it is gone. */
  readonly value: Tensor | null;
  /** ∂(the graph's result)/∂(this); null where it is not known, or there is none. */
  readonly gradient: Tensor | null;
}

/** One way from a node to another. */
export interface GraphPath {
  readonly nodes: readonly GraphNode[];
  /** Along each edge. */
  readonly derivatives: readonly number[];
  /** Of the derivatives. */
  readonly product: number;
}

/** More paths than a person reads or a program should walk. */
const maxPaths = 10_000;

/** The operations behind a result; see `graph`. */
export class ComputationGraph {
  /** Leaves and constants, then results in the order of their evaluation. */
  constructor(readonly nodes: readonly GraphNode[]) {}

  /** What the graph computes. */
  get result(): GraphNode {
    return this.nodes[this.nodes.length - 1];
  }

  /** The node of a name. */
  node(name: string): GraphNode {
    const found = this.nodes.find((node) => node.name === name);
    if (found === undefined) {
      const all = this.nodes.map((node) => node.name).join(', ');
      throw new ValueError(`graph: there is no node ${name}; got ${all}; pass its tensor in names`);
    }
    return found;
  }

  /**
   * Every path from a node to the result, or to another node: the derivative is the sum over the paths of the products of
   * the local derivatives along each, ∂z/∂x = Σ_paths Π_edges ∂to/∂from. Backward computes the same sum without
   * enumerating, since the number of paths can grow exponentially.
   *
   * @throws ShapeError "paths: every node on the way must have one element; v1 has shape [2, 3]"
   */
  paths(from: string, to: string = this.result.name): GraphPath[] {
    const start = this.node(from);
    const found: GraphPath[] = [];
    const visit = (node: GraphNode, nodes: readonly GraphNode[], derivatives: readonly number[]): void => {
      const way = [node, ...nodes];
      if (node === start) {
        found.push({ nodes: way, derivatives, product: derivatives.reduce((product, d) => product * d, 1) });
        if (found.length > maxPaths) {
          throw new ValueError(`paths: at most ${maxPaths} paths are listed from ${from} to ${to}; use its gradient`);
        }
        return;
      }
      for (const { from: operand, derivative } of node.inputs) {
        if (!reaching.has(operand)) continue;
        if (derivative === null) throw new ShapeError(withoutDerivative(operand, node));
        visit(operand, way, [derivative, ...derivatives]);
      }
    };
    const reaching = this.#dependents(start);
    visit(this.node(to), [], []);
    return found;
  }

  /** A node and all that is computed from it. */
  #dependents(start: GraphNode): ReadonlySet<GraphNode> {
    const found = new Set([start]);
    // Every result stands behind its operands.
    for (const node of this.nodes) if (node.inputs.some(({ from }) => found.has(from))) found.add(node);
    return found;
  }

  /** A table: node, expression, dtype and shape, value, gradient. */
  toString(): string {
    const gradient = `∂${this.result.name}/∂node`;
    const rows = this.nodes
      .filter((node) => !isNumber(node))
      .map((node) => [
        node.name,
        node.op === null ? node.kind : `${node.op}(${node.inputs.map(({ from }) => from.name).join(', ')})`,
        typeName(node),
        node.value === null ? '' : summary(node.value),
        node.gradient === null ? '' : summary(node.gradient),
      ]);
    const table = [['node', 'expression', 'type', 'value', gradient], ...rows];
    const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
    return table
      .map((row) =>
        row
          .map((cell, i) => cell.padEnd(widths[i]))
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
  }

  /** For Graphviz: `dot -Tsvg graph.dot`. */
  toDot(): string {
    const id = new Map(this.nodes.map((node, i) => [node, `n${i}`]));
    const shapes = { leaf: 'box', constant: 'plaintext', result: 'ellipse' };
    const nodes = this.nodes.map(
      (node) => `  ${id.get(node)} [shape=${shapes[node.kind]}, label=${quoted(this.label(node).join('\n'))}];`,
    );
    const edges = this.nodes.flatMap((node) =>
      node.inputs.map(({ from, derivative }) => {
        const label = derivative === null ? '' : ` [label=${quoted(short(derivative, 3))}]`;
        return `  ${id.get(from)} -> ${id.get(node)}${label};`;
      }),
    );
    return ['digraph {', '  rankdir=LR;', ...nodes, ...edges, '}\n'].join('\n');
  }

  /** The lines that a drawn node has: name and op, dtype and shape, value, gradient; of many elements the range. */
  label(node: GraphNode): string[] {
    const { name, op, value, gradient } = node;
    if (isNumber(node)) return [name];
    const brief = (x: Tensor): string => (x.size <= 3 ? summary(x, 3) : range(elements(x), 3));
    const derivative = node.shape.length === 0 ? `∂${this.result.name}/∂${name} = ` : '∇ ';
    return [
      op === null ? name : `${name} = ${op}`,
      typeName(node),
      ...(value === null ? [] : [brief(value)]),
      ...(gradient === null ? [] : [derivative + brief(gradient)]),
    ];
  }
}

/** What a constant of one element is called that has no name of its own. */
export const numberName = (x: Tensor): string => short(elements(x)[0], 5);
/** Whether it is called by its value, and so needs no row: `mul(x, 2)`. */
const isNumber = ({ kind, value, name }: GraphNode): boolean =>
  kind === 'constant' && value?.size === 1 && name === numberName(value);
const typeName = ({ dtype, shape }: GraphNode): string => `${dtype} ${show(shape)}`;

function withoutDerivative(from: GraphNode, to: GraphNode): string {
  const wide = [from, to].find(({ shape }) => sizeOf(shape) !== 1);
  return wide === undefined
    ? `paths: the derivative of ${to.name} to ${from.name} is not known; give graph a function, so that it sees the values`
    : `paths: every node on the way must have one element; ${wide.name} has shape ${show(wide.shape)}`;
}

const elements = (x: Tensor): number[] => Array.from(x.to('float64').data() as Float64Array);

/** Few elements as they are; of many the range and the mean. */
function summary(x: Tensor, digits = 5): string {
  const values = elements(x);
  if (values.length === 1) return short(values[0], digits);
  if (values.length <= 6) {
    const texts = nested(
      values.map((value) => short(value, digits)),
      x.shape,
    );
    return JSON.stringify(texts).replaceAll('"', '').replaceAll(',', ', ');
  }
  const mean = values.reduce((a, b) => a + b) / values.length;
  return `${range(values, digits)}, mean ${short(mean, digits)}`;
}

function range(values: readonly number[], digits: number): string {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  return `${short(low, digits)} … ${short(high, digits)}`;
}

function nested(values: readonly string[], shape: Shape): unknown {
  if (shape.length <= 1) return values;
  const step = values.length / (shape[0] || 1);
  return Array.from({ length: shape[0] }, (_, i) => nested(values.slice(i * step, (i + 1) * step), shape.slice(1)));
}

const short = (value: number, digits: number): string => String(Number(value.toPrecision(digits)) + 0);

/** A text in DOT's quotation marks. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
