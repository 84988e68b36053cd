import { checkFunction } from '../core/check.js';
import type { DType } from '../core/dtype.js';
import { StateError } from '../core/errors.js';
import { sameShape, sizeOf } from '../core/shape.js';
import type { Shape } from '../core/types.js';
import { watch } from '../core/watching.js';
import { onesLike } from '../ops/creation/zeros_like.js';
import { Node, propagate, seed, withRecording } from '../tensor/tape.js';
import { Tensor } from '../tensor/tensor.js';
import { ComputationGraph, type GraphEdge, type GraphNode, numberName } from './computation_graph.js';

export interface GraphOptions {
  /**
   * Names of tensors: an object, or a map such as `model.stateDict()`. It is read at the end, so that a function may add
   * what it computes. Without a name, results are called v1, v2, … in the order of evaluation, leaves x1, x2, …, and a
   * constant of one element by its value.
   */
  names?: Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>;
  /** ∂L/∂result, of the result's shape, that gradients start from; default 1 for a result of one element, else none. */
  gradient?: Tensor;
}

/** What was seen of an op while it ran. */
interface Seen {
  readonly result: Tensor;
  readonly operands: readonly Tensor[];
}

/**
 * The graph of operations behind a result: `String(g)` is the table of its nodes in the order of evaluation, `g.toDot()`
 * the text for Graphviz, `drawGraph(g)` of `adjoint/plot` a picture; `g.nodes` is for programs.
 *
 *     const names: Record<string, Tensor> = { w, x, b };
 *     const g = graph(() => {
 *       names.q = w.mul(x);
 *       return (names.o = names.q.add(b)).sub(y).square();
 *     }, { names });
 *     console.log(String(g));
 *
 * A function is run under observation: every node has its value and ∂result/∂node, and where both ends have one element an
 * edge has its local derivative. No `grad` is touched, and the result can still be differentiated. A result that is there
 * already shows what its graph still has: ops, shapes, and the leaves with their values and their `grad`.
 *
 * The graph holds the values that it shows.
 *
 * @param of  a result that depends on a tensor that requires a gradient, or a synchronous function that returns one
 * @throws StateError "graph: the function must return a tensor at once; got a promise; await outside of it"
 * @throws StateError "graph: the graph behind this add was released by backward; draw it before, or pass { retainGraph: true }"
 */
export function graph(of: Tensor | (() => Tensor), { names = {}, gradient }: GraphOptions = {}): ComputationGraph {
  if (of instanceof Tensor)
    return build(
      of,
      new Map(),
      (leaf) => leaf.grad,
      () => null,
      names,
    );

  checkFunction('graph', 'what is no tensor', of);
  const seen = new Map<Node, Seen>();
  const gradients = new Map<Node, Tensor>();
  const stop = watch({
    result(_, result, operands) {
      if (result.node !== null) seen.set(result.node, { result, operands });
    },
    gradient(node, _, __, dy) {
      gradients.set(node, dy);
    },
  });
  try {
    const result = withRecording(true, of);
    if (!(result instanceof Tensor)) {
      const got = (result as unknown) instanceof Promise ? 'a promise; await outside of it' : typeof result;
      throw new StateError(`graph: the function must return a tensor at once; got ${got}`);
    }
    const leaves = leavesOf(result);
    const options = { retainGraph: true, createGraph: false };
    const known = result.size === 1 || gradient !== undefined;
    const ofLeaves = known ? propagate([result], [seed('graph', result, gradient)], leaves, options) : [];
    return build(
      result,
      seen,
      (leaf) => ofLeaves[leaves.indexOf(leaf)] ?? null,
      (node) => gradients.get(node) ?? null,
      names,
    );
  } finally {
    stop();
  }
}

/** The ops behind a result in the order of their evaluation. */
function opsBehind(result: Tensor): Node[] {
  const found = new Set<Node>();
  const stack = result.node === null ? [] : [result.node];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (found.has(node)) continue;
    if (node.backward === null) {
      throw new StateError(
        `graph: the graph behind this ${node.op} was released by backward; draw it before, or pass { retainGraph: true }`,
      );
    }
    found.add(node);
    for (const input of node.inputs) if (input?.to instanceof Node) stack.push(input.to);
  }
  return [...found].sort((a, b) => a.id - b.id);
}

function leavesOf(result: Tensor): Tensor[] {
  const leaves = opsBehind(result).flatMap((node) =>
    node.inputs.flatMap((input) => (input?.to instanceof Tensor ? [input.to] : [])),
  );
  return [...new Set(result.node === null ? [result] : leaves)];
}

function build(
  result: Tensor,
  seen: ReadonlyMap<Node, Seen>,
  gradientOfLeaf: (leaf: Tensor) => Tensor | null,
  gradientOfOp: (node: Node) => Tensor | null,
  names: NonNullable<GraphOptions['names']>,
): ComputationGraph {
  const given = names instanceof Map ? [...names] : Object.entries(names);
  const nameOf = (key: Node | Tensor): string | undefined =>
    given.find(([, tensor]) => (key instanceof Node ? tensor.node === key : isSame(tensor, key)))?.[0];

  const used = new Set(given.map(([name]) => name));
  const fresh = (prefix: string): string => {
    let n = 1;
    while (used.has(`${prefix}${n}`)) n++;
    used.add(`${prefix}${n}`);
    return `${prefix}${n}`;
  };

  const leaves: GraphNode[] = [];
  const results: GraphNode[] = [];
  const nodes = new Map<Node | Tensor, GraphNode>();
  const leaf = (tensor: Tensor): GraphNode => {
    const { shape, dtype, requiresGrad } = tensor;
    const node: GraphNode = {
      name: nameOf(tensor) ?? (!requiresGrad && tensor.size === 1 ? numberName(tensor) : fresh('x')),
      op: null,
      kind: requiresGrad ? 'leaf' : 'constant',
      ...{ shape, dtype, inputs: [], value: tensor.detach(), gradient: requiresGrad ? gradientOfLeaf(tensor) : null },
    };
    nodes.set(tensor, node);
    leaves.push(node);
    return node;
  };

  const ops = opsBehind(result);
  if (ops.length === 0) leaf(result);
  for (const node of ops) {
    const operands = seen.get(node)?.operands;
    const derivatives = localDerivatives(node, seen.get(node));
    const inputs = node.inputs.flatMap((edge, i): GraphEdge[] => {
      // What no gradient flows to is known where the op was seen.
      const key = edge?.to ?? operands?.[i];
      if (key === undefined) return [];
      return [{ from: nodes.get(key) ?? leaf(key as Tensor), derivative: derivatives?.[i] ?? null }];
    });
    const made = node === result.node ? result : seen.get(node)?.result;
    const { shape, dtype } = made ?? consumed(ops, node);
    const name = nameOf(node) ?? fresh('v');
    const value = made?.detach() ?? null;
    const entry: GraphNode = {
      name,
      op: node.op,
      kind: 'result',
      shape,
      dtype,
      inputs,
      value,
      gradient: gradientOfOp(node),
    };
    nodes.set(node, entry);
    results.push(entry);
  }
  return new ComputationGraph([...leaves, ...results]);
}

/** Whether two tensors are one: the same object, or the same elements, as a state dict has them. */
const isSame = (a: Tensor, b: Tensor): boolean =>
  a === b || (a.storage === b.storage && a.offset === b.offset && a.node === null && sameShape(a.shape, b.shape));

/** Shape and dtype of a result that is gone, from an op that read it. */
function consumed(ops: readonly Node[], node: Node): { shape: Shape; dtype: DType } {
  for (const { inputs } of ops) for (const edge of inputs) if (edge?.to === node) return edge;
  throw new StateError(`graph: nothing refers to this ${node.op}`);
}

/** ∂result/∂operand for each operand of one element, where the result has one. */
function localDerivatives(node: Node, seen: Seen | undefined): (number | null)[] | null {
  if (seen?.result.size !== 1) return null;
  return withRecording(false, () => {
    const gradients = node.gradients(onesLike(seen.result));
    return node.inputs.map((edge, i) => {
      if (edge === null || sizeOf(edge.shape) !== 1) return null;
      const gradient = gradients[i];
      const dx = typeof gradient === 'function' ? gradient() : gradient;
      return dx ? Number(dx.item()) : null;
    });
  });
}
