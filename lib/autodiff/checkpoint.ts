import { StateError } from '../core/errors.js';
import { replayable } from '../core/random.js';
import { held } from '../tensor/gradients.js';
import { type Edge, isRecording, Node, propagate, withRecording } from '../tensor/tape.js';
import { Tensor } from '../tensor/tensor.js';
import { kindOf } from './tree.js';

/**
 * The same function, whose intermediate results are not kept for backward but computed again there: memory for time,
 * about a third more of it in training.
 *
 *     const block = checkpoint((x: Tensor) => layer2.forward(relu(layer1.forward(x))));
 *     const y = block(x);
 *
 * Gradients are those of f, for its inputs and for whatever else it reads, such as the parameters of layers. f
 * draws the same random numbers again, from any generator, so that dropout drops the same elements. May be nested, and
 * differentiated to any order. What else f does besides returning its result happens twice: the running statistics of a
 * batch normalisation move twice a step.
 *
 * @param f  returns one tensor; to return several, `concat` or `stack` them
 * @throws StateError "checkpoint: the function must return one tensor at once; got a promise; …"
 * @source Chen, Xu, Zhang, Guestrin 2016, arXiv:1604.06174
 */
export function checkpoint<A extends readonly any[], T extends Tensor>(f: (...inputs: A) => T): (...inputs: A) => T {
  return (...inputs) => {
    const first = Node.count;
    const [y, replay] = replayable(() => f(...inputs));
    if (!(y instanceof Tensor)) {
      throw new StateError(
        `checkpoint: the function must return one tensor at once; got ${kindOf(y)}; put several together with concat or stack`,
      );
    }
    // Everything that f used reaches its result through these edges, whether it was an argument or came from outside.
    const edges = edgesInto(y, first);
    if (y.node === null || edges.length === 0) return y;
    const result = y.detach() as T;
    const saved = [...inputs, ...edges.map(({ to }) => to)].filter((part) => part instanceof Tensor);
    result.node = new Node('checkpoint', edges, saved, (dy) => {
      const createGraph = isRecording();
      const again = replay(() => withRecording(true, () => f(...inputs)));
      const targets = edges.map(({ to }) => to);
      const gradients = propagate([again], [dy], targets, { retainGraph: createGraph, createGraph });
      for (const gradient of gradients) if (gradient !== null) held(gradient);
      return gradients;
    });
    result.node.runsUserCode = true;
    return result;
  };
}

/** Where gradients leave the part of y's tape that was made since node `first`: each place once. */
function edgesInto(y: Tensor, first: number): Edge[] {
  const edges = new Map<Node | Tensor, Edge>();
  const seen = new Set<Node>();
  const stack: Edge[] = y.node === null ? [] : [{ to: y.node, shape: y.shape, dtype: y.dtype }];
  for (let edge = stack.pop(); edge !== undefined; edge = stack.pop()) {
    const { to } = edge;
    if (to instanceof Tensor || to.id < first) {
      edges.set(to, edge);
    } else if (!seen.has(to)) {
      seen.add(to);
      for (const input of to.inputs) if (input !== null) stack.push(input);
    }
  }
  return [...edges.values()];
}
