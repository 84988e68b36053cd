import { hasKernel } from '../backend/index.js';
import { leaveToTape } from '../core/recycling.js';
import { type Backward, type Gradient, isRecording, Node, propagate, record } from './tape.js';
import { Tensor } from './tensor.js';

/*
 * How an op is defined. READ THIS FIRST.
 *
 * An op is one file in lib/ops: its documentation, its check of shapes and dtypes, its forward and its backward.
 *
 *   A primitive says what its kernel writes and costs, calls the backend, and enters its result into the tape with a
 *   backward made of other ops, so that derivatives of any order follow:
 *
 *     kernel('sin', { flops: 1 });
 *     export function sin(x) {
 *       const y = empty(x.shape, x.dtype);
 *       run('sin', [y, x]);
 *       return record('sin', y, [x], [x], (dy, [x]) => [mul(dy, cos(x))]);
 *     }
 *
 *   What any closure of a function refers to is held by all of them: a backward that needs an operand's shape alone takes
 *   the shape out first, and nothing beside it may refer to the operand in a closure, or its memory stays with the graph.
 *   A backward reads tensors that it is given, as `saved`: memory that lies between two layers, and that no node saves, is
 *   used again. What it allocates is used again once it is done, but for the gradients that it returns: it keeps nothing.
 *
 *   A composed op just calls other ops: no kernel, no backward.
 *
 *   A fused op is a composed one, its formula, for which the native backend also has kernels for the result and its first
 *   derivative. `fused` below chooses: the formula runs on the reference backend, and is what a second derivative
 *   differentiates; tests hold the kernels against it.
 */

/** What the kernels of a fused op gave. */
export interface FusedResult {
  result: Tensor;
  /** Tensors that the backward kernel reads, where they were given. */
  saved: readonly (Tensor | undefined)[];
  /** Others that it reads, which were made beside the result and are in nobody else's hands. */
  own?: readonly Tensor[];
  /** The gradients of the arguments, in their order, by kernels; those behind the last tensor with one may be left out. */
  backward(dy: Tensor): readonly Gradient[];
}

/**
 * Joins a formula with kernels that compute the same faster.
 *
 * @param name     the kernel's name; where the backend lacks it, the formula runs
 * @param formula  the result, composed of differentiable ops
 * @param kernel   the result and its first derivative, by kernels
 */
export function fused<A extends readonly unknown[]>(
  name: string,
  formula: (...args: A) => Tensor,
  kernel: (...args: A) => FusedResult,
): (...args: A) => Tensor {
  return (...args) => {
    if (!hasKernel(name)) return formula(...args);
    const { result, saved, own = [], backward } = kernel(...args);
    const inputs = args.filter((arg) => arg instanceof Tensor);
    const read = saved.filter((tensor) => tensor !== undefined);
    const y = record(name, result, inputs, read, (dy) => {
      if (isRecording()) return differentiate(formula, args, dy);
      const gradients = backward(dy);
      return args.flatMap((arg, i) => (arg instanceof Tensor ? [gradients[i] ?? null] : []));
    });
    y.node?.hold([...inputs, ...own]);
    for (const { storage } of own) leaveToTape(storage);
    return y;
  };
}

/** The gradients of a formula's tensors by its own tape, differentiable in turn. */
function differentiate<A extends readonly unknown[]>(
  formula: (...args: A) => Tensor,
  args: A,
  dy: Tensor,
): readonly Gradient[] {
  // Aliases, one an argument: the tape of this formula ends here, while gradients of gradients flow on to the true inputs.
  const given = args.map((arg) => (arg instanceof Tensor ? alias(arg) : arg));
  const y = formula(...(given as unknown as A));
  const targets = given.filter((arg) => arg instanceof Tensor);
  return propagate([y], [dy], targets, { retainGraph: true, createGraph: true });
}

/** The same values as a result of their own. */
export function alias(x: Tensor): Tensor {
  const y = x.detach();
  const identity: Backward = (dy) => [dy];
  return record('alias', y, [x], [], identity);
}

/** The same values as the beginning of a tape. Unlike a leaf it keeps no `grad` when someone outside runs backward. */
export function beginning(x: Tensor): Tensor {
  const y = x.detach();
  y.node = new Node('beginning', [], [], () => []);
  return y;
}
