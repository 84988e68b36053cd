import { run } from '../backend/index.js';
import { productDType, setProductDType } from '../core/autocast.js';
import { checkFunction } from '../core/check.js';
import { type DType, isComplex } from '../core/dtype.js';
import { DTypeError, ShapeError, StateError } from '../core/errors.js';
import { recording } from '../core/recording.js';
import { recycle } from '../core/recycling.js';
import { sameShape, show } from '../core/shape.js';
import { allocateGradient, note } from '../core/storage.js';
import type { Shape } from '../core/types.js';
import { watchers } from '../core/watching.js';
import { scalar } from './create.js';
import { Gradients } from './gradients.js';
import { parts, readGradient, setGradient, Tensor } from './tensor.js';

/*
 * Reverse-mode differentiation. A result refers to the node that made it, a node to its inputs: that is the whole tape.
 * Nodes are numbered as they are made, so descending numbers visit every result before its inputs.
 */

/** One input's gradient: at once, or on demand if it is dear and may not be wanted, or null where there is none. */
export type Gradient = Tensor | null | (() => Tensor);

/**
 * From ∂L/∂result to ∂L/∂input for each input. May be wider than the input: backward sums over broadcast axes. A saved
 * tensor that was left out as null is read only by gradients that nobody wants, which are on demand.
 */
export type Backward = (dy: Tensor, saved: readonly Tensor[]) => readonly Gradient[];

/**
 * Where an input's gradient goes: to the node that made it, or to a leaf. Nothing else of the input is kept, so that its
 * memory is free to go if no rule reads it. Null where no gradient is wanted.
 */
export interface Edge {
  readonly to: Node | Tensor;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Where the gradient of a tensor is gathered. */
const source = (to: Node | Tensor): Node | Tensor => (to instanceof Tensor ? (to.node ?? to) : to);

const edgeTo = (input: Tensor): Edge | null =>
  isTracked(input) ? { to: source(input), shape: input.shape, dtype: input.dtype } : null;

const none: readonly never[] = [];

/** A differentiable operation that took place. */
export class Node {
  static #count = 0;
  /** The id of the next one. */
  static get count(): number {
    return Node.#count;
  }
  readonly id = Node.#count++;
  /** The last search that came by. */
  search = 0;
  /** Whether the rule may show the user what it computes. */
  runsUserCode = false;
  /** What the op's products were taken in, and its gradients' are. */
  readonly products = productDType();
  readonly #versions: number[];
  /** What the rule holds in its closure beside what is saved. */
  #held: readonly Tensor[] = none;

  constructor(
    readonly op: string,
    /** Released by backward, unless the graph is retained. */
    public inputs: readonly (Edge | null)[],
    public saved: readonly (Tensor | null)[],
    public backward: Backward | null,
  ) {
    this.#versions = saved.map((tensor) => {
      if (tensor === null) return 0;
      tensor.storage.savers++;
      return tensor.storage.version;
    });
  }

  /** The gradients of the inputs; refuses if a tensor that the rule needs has been overwritten. */
  gradients(dy: Tensor): readonly Gradient[] {
    if (this.backward === null) {
      throw new StateError(
        `backward: the graph behind this ${this.op} was released by an earlier backward; pass { retainGraph: true } to that one`,
      );
    }
    for (let i = 0; i < this.saved.length; i++) {
      const tensor = this.saved[i];
      if (tensor === null) continue;
      const { shape, storage } = tensor;
      if (storage.version !== this.#versions[i]) {
        throw new StateError(
          `backward: ${this.op} saved a tensor of shape ${show(shape)} that ${storage.writer ?? 'a write in place'} has overwritten since ` +
            `(version ${this.#versions[i]}, now ${storage.version}); run backward before it, or compute the result again`,
        );
      }
    }
    return this.backward(dy, this.saved as readonly Tensor[]);
  }

  /** Says that the rule refers to these tensors by itself. */
  hold(tensors: readonly Tensor[]): void {
    this.#held = tensors;
    for (const { storage } of tensors) storage.savers++;
  }

  /** Forgets what backward needs; returns what it had saved or held. */
  release(): readonly Tensor[] {
    const left =
      this.saved.length === 0 ? this.#held : [...this.#held, ...this.saved.filter((tensor) => tensor !== null)];
    for (const { storage } of left) storage.savers--;
    this.inputs = none;
    this.saved = none;
    this.#held = none;
    this.backward = null;
    return left;
  }
}

let taping = true;
let differentiated: { readonly op: string } | null = null;
/** What backward does last: it adds to the leaves' gradients. */
const accumulation = { op: 'accumulate' };

/** Whether operations are being recorded: true outside of `noGrad`, and within a backward that is itself differentiated. */
export const isRecording = (): boolean => taping;

/** The op whose gradients are being computed; null outside of backward. */
export const opInBackward = (): string | null => differentiated?.op ?? null;

/** Whether gradients flow to this tensor. */
export const isTracked = (tensor: Tensor): boolean => tensor.requiresGrad || tensor.node !== null;

/** Runs `body` with recording on or off. */
export function withRecording<R>(on: boolean, body: () => R): R {
  const before = taping;
  const rule = differentiated;
  const products = productDType();
  const notes = note(null);
  taping = on;
  try {
    return body();
  } finally {
    taping = before;
    differentiated = rule;
    setProductDType(products);
    note(notes);
  }
}

/**
 * Runs `body` without recording: its results have no history. Synchronous only, because the state would leak into whatever
 * else runs while a promise is pending.
 */
export function noGrad<R>(body: () => R): R {
  checkFunction('noGrad', 'body', body);
  const result = withRecording(false, body);
  if (result instanceof Promise) {
    throw new StateError(
      'noGrad: the callback must be synchronous; got a promise; call noGrad around each synchronous part',
    );
  }
  return result;
}

/**
 * Enters a result into the tape and returns it, if any input is tracked.
 *
 * @param saved     the tensors that `backward` reads and is given; it refuses to run once one of them has been overwritten
 * @param backward  the rule, made of ops, so that it can be differentiated in turn
 */
export function record<T extends Tensor>(
  op: string,
  result: T,
  inputs: readonly Tensor[],
  saved: readonly (Tensor | null)[],
  backward: Backward,
): T {
  const recorder = recording();
  if (recorder !== null) {
    for (const input of inputs) recorder.leaf(input);
    recorder.result(op, result, inputs);
  }
  if (taping && inputs.some(isTracked)) result.node = new Node(op, inputs.map(edgeTo), saved, backward);
  if (watchers !== null) for (const watcher of watchers) watcher.result?.(op, result, inputs);
  return result;
}

/** What the backward of a product saves: each factor's gradient reads the other one, and only a tracked one's is wanted. */
export const savedFactors = (a: Tensor, b: Tensor): readonly (Tensor | null)[] => [
  isTracked(b) ? a : null,
  isTracked(a) ? b : null,
];

/** `tensor.backward()`; see there. */
export function backward(
  result: Tensor,
  gradient: Tensor | undefined,
  { retainGraph = false }: { retainGraph?: boolean },
): void {
  if (!isTracked(result)) {
    throw new StateError(
      'backward: this tensor depends on no tensor that requires a gradient; mark one with requireGrad()',
    );
  }
  propagate([result], [seed('backward', result, gradient)], null, { retainGraph, createGraph: false });
}

/** The gradient that backward starts from: the given one in the result's dtype, or 1 for a single element. */
export function seed(op: string, result: Tensor, gradient: Tensor | undefined): Tensor {
  if (gradient === undefined) {
    if (result.size !== 1) {
      throw new ShapeError(
        `${op}: a result of shape ${show(result.shape)} needs a gradient of that shape to start from; reduce it to one element (sum, mean) or pass one`,
      );
    }
    if (isComplex(result.dtype)) {
      throw new DTypeError(
        `${op}: a complex result has no gradient to start from by itself; got ${result.dtype}; reduce it to a real one (abs, real) or pass one`,
      );
    }
    const one = scalar(op, 1, result.dtype);
    return result.rank === 0 ? one : new Tensor(one.storage, one.dtype, result.shape);
  }
  if (!sameShape(gradient.shape, result.shape)) {
    throw new ShapeError(
      `${op}: the gradient must have the result's shape ${show(result.shape)}; got ${show(gradient.shape)}`,
    );
  }
  return gradient.to(result.dtype);
}

/**
 * Carries gradients from results to leaves. With `targets`, returns theirs and touches no `grad`; without, adds to the
 * `grad` of every leaf that requires one.
 */
export function propagate(
  results: readonly Tensor[],
  seeds: readonly Tensor[],
  targets: readonly (Node | Tensor)[] | null,
  { retainGraph, createGraph }: { retainGraph: boolean; createGraph: boolean },
): (Tensor | null)[] {
  const { order, wanted } = nodesBehind(results, targets);
  const gradients = new Gradients(createGraph);

  return withRecording(createGraph, () => {
    try {
      for (let i = 0; i < results.length; i++) gradients.add(source(results[i]), seeds[i]);
      for (const node of order) {
        const dy = gradients.at(node);
        if (dy === undefined) continue;
        const { inputs } = node;
        differentiated = node;
        setProductDType(node.products);
        gradients.enter(node);
        const dxs = node.gradients(dy);
        for (let i = 0; i < inputs.length; i++) {
          const input = inputs[i];
          const given = dxs[i];
          if (given === null || given === undefined || input === null || wanted?.has(input.to) === false) continue;
          const reduced = reduceTo(input, typeof given === 'function' ? given() : given);
          if (watchers !== null) for (const watcher of watchers) watcher.gradient?.(node, i, reduced, dy);
          gradients.add(input.to, reduced);
        }
        gradients.leave(node, dy, retainGraph ? [] : node.release());
      }
      if (targets !== null) return targets.map((target) => gradients.at(source(target)) ?? null);
      taping = false;
      differentiated = accumulation;
      for (const [leaf, dx] of gradients) {
        if (leaf instanceof Tensor && leaf.requiresGrad) accumulate(leaf, dx, gradients.isOwn(dx));
      }
      return [];
    } finally {
      gradients.end();
    }
  });
}

let searches = 0;

/**
 * The nodes that gradients pass through, last made first; with targets, only those that lead to one, and what is `wanted`:
 * these and the targets. Targets are independent variables: a path ends at the first of them.
 */
function nodesBehind(
  results: readonly Tensor[],
  targets: readonly (Node | Tensor)[] | null,
): { order: Node[]; wanted: Set<Node | Tensor> | null } {
  const wanted = targets && new Set(targets.map(source));
  // What was made before every target leads to none of them, and need not be there any more.
  let first = 0;
  if (wanted !== null) first = Math.min(...[...wanted].map((target) => (target instanceof Node ? target.id : 0)));
  const search = ++searches;
  const found: Node[] = [];
  const stack: Node[] = [];
  for (const { node } of results) if (node !== null) stack.push(node);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.search === search || node.id < first || wanted?.has(node)) continue;
    node.search = search;
    found.push(node);
    for (const input of node.inputs) if (input?.to instanceof Node) stack.push(input.to);
  }
  // A chain of nodes was found in this order.
  if (found.some((node, i) => i > 0 && node.id > found[i - 1].id)) found.sort((a, b) => b.id - a.id);
  if (wanted === null) return { order: found, wanted };

  const leading: Node[] = [];
  for (const node of found.reverse()) {
    // A released node has forgotten its inputs: assume that it leads there, so that it can say so.
    if (node.backward !== null && !node.inputs.some((input) => input !== null && wanted.has(input.to))) continue;
    wanted.add(node);
    leading.push(node);
  }
  return { order: leading.reverse(), wanted };
}

/** A gradient brought to its input's shape and dtype: summed over the axes along which the input was broadcast. */
function reduceTo(input: Edge, dx: Tensor): Tensor {
  const reduced = sameShape(dx.shape, input.shape) ? dx : sumTo(dx, input.shape);
  if (reduced.dtype === input.dtype) return reduced;
  const part = isComplex(input.dtype) ? reduced : reduced.real();
  return part.to(input.dtype);
}

/** Sums over the axes that broadcasting to x's shape added or stretched. */
export function sumTo(x: Tensor, shape: readonly number[]): Tensor {
  const added = x.shape.length - shape.length;
  const axes: number[] = [];
  for (let i = 0; i < x.shape.length; i++) {
    if (i < added || (shape[i - added] === 1 && x.shape[i] !== 1)) axes.push(i);
  }
  const sum: Tensor = axes.length === 0 ? x : x.sum(axes, { keepDims: true });
  return sum.reshape(shape);
}

/** @param own  whether nobody else refers to dx's memory */
function accumulate(leaf: Tensor, dx: Tensor, own: boolean): void {
  const before = readGradient(leaf);
  setGradient(leaf, before === null ? kept(dx) : before.add(dx), own);
  if (before !== null && own) recycle(dx.storage);
}

/** A leaf's first gradient, in memory that may be kept. */
function kept(dx: Tensor): Tensor {
  if (recording() !== null) return dx; // a plan knows which memory outlives the step
  const { dtype, size, shape } = parts(dx);
  const storage = allocateGradient(dtype, size, shape);
  if (storage === null) return dx;
  const copy = new Tensor(storage, dx.dtype, dx.shape);
  // A few bytes that lie side by side: JavaScript is done before a kernel is called.
  if (dx.storage.data.length === storage.data.length && dx.isContiguous) storage.data.set(dx.storage.data);
  else run('copy', [parts(copy), parts(dx)]);
  return copy;
}
