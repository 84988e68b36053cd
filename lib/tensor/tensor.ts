import { inspect } from 'node:util';
import { type AnyView, kernel, run } from '../backend/index.js';
import { kindOf } from '../core/check.js';
import {
  type ComplexDType,
  type DType,
  fromBfloat16,
  isComplex,
  isDifferentiable,
  partDType,
  type TypedArrays,
  toComplexDType,
} from '../core/dtype.js';
import { DTypeError, ShapeError, StateError, ValueError } from '../core/errors.js';
import { recording, valueRead } from '../core/recording.js';
import { isObserved, recycle } from '../core/recycling.js';
import { contiguousStrides, isContiguous, sameShape, show, sizeOf } from '../core/shape.js';
import { allocate, checkAttached, type Storage } from '../core/storage.js';
import type { IsAny, Nested, Shape } from '../core/types.js';
import { watchers } from '../core/watching.js';
import type { Methods } from '../ops/methods.js';
import { format } from './format.js';
import { backward, type Node } from './tape.js';

/** `grad`, for the library to read at once: the gradient's memory still belongs to the leaf alone. */
export let readGradient: (leaf: Tensor) => Tensor | null;

/** Whether nobody but the leaf refers to its gradient's memory, so that it may be written over. */
export let ownsGradient: (leaf: Tensor) => boolean;

/** Sets `grad`. The memory of the one before goes to other results if only the leaf referred to it. */
export let setGradient: (leaf: Tensor, gradient: Tensor | null, own: boolean) => void;

/** A complex number in JavaScript. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** What one element is in JavaScript. */
export type Element<D extends DType> =
  IsAny<D> extends true ? number : [D] extends ['bool'] ? boolean : [D] extends [ComplexDType] ? Complex : number;

/**
 * A rectangular array of numbers of one dtype. It is a value: no operation writes to its inputs, and a view (reshape,
 * transpose, slice …) shares memory that nobody changes. The exceptions are named: `assign` and optimiser steps.
 *
 * Every function of `adjoint` on a tensor is also a method: `x.matmul(w)` is `matmul(x, w)`. Functions alone are those that
 * make tensors, join several or choose between them, and what networks are made of: linear, embedding, dropout, attention,
 * convolutions, pools, normalisations, recurrent layers, losses, most activations.
 *
 * S is the shape, e.g. `[32, number]`; D the dtype. Both default to unknown, which fits everything.
 */
export class Tensor<S extends Shape = any, D extends DType = any> implements AnyView {
  /** Set by `requireGrad`: backward accumulates this tensor's gradient in `grad`. */
  requiresGrad = false;
  #grad: Tensor<S, D> | null = null;
  /** Whether nobody but this tensor refers to its gradient's memory. */
  #ownsGrad = false;
  /** How this tensor was computed, where that is differentiable. */
  node: Node | null = null;

  /** Ops make tensors by this; people use `tensor`, `zeros`, … */
  constructor(
    readonly storage: Storage,
    readonly dtype: D,
    readonly shape: S,
    /** Distance between neighbours along each axis, in elements; 0 repeats one element. */
    readonly strides: readonly number[] = contiguousStrides(shape),
    readonly offset: number = 0,
  ) {}

  /**
   * ∂(loss)/∂(this), after backward; null before it and after `zeroGrad`. Memory of a gradient that a captured step leaves
   * here is used again by the next call of that step.
   */
  get grad(): Tensor<S, D> | null {
    this.#ownsGrad = false;
    return readGradient(this);
  }

  set grad(gradient: Tensor<S, D> | null) {
    setGradient(this, gradient, false);
  }

  static {
    readGradient = (leaf) => {
      recording()?.gradientRead(leaf, leaf.#grad);
      return leaf.#grad;
    };
    ownsGradient = (leaf) => leaf.#ownsGrad && !isObserved();
    setGradient = (leaf, gradient, own) => {
      const recorder = recording();
      recorder?.gradientSet(leaf);
      if (leaf.#ownsGrad && leaf.#grad !== null && recorder === null) recycle(leaf.#grad.storage);
      leaf.#grad = gradient;
      leaf.#ownsGrad = own;
    };
  }

  /** Number of axes. */
  get rank(): S['length'] {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** Whether the elements lie in row-major order without gaps. */
  get isContiguous(): boolean {
    return isContiguous(this.shape, this.strides);
  }

  /**
   * The elements in row-major order, as a typed array of the caller's own (bfloat16: the 16 bits each; complex numbers: real
   * and imaginary part in turn).
   */
  data(): TypedArrays[D] {
    valueRead('data()');
    checkAttached('data', this);
    const { storage, offset, size } = parts(this);
    if (this.isContiguous) return storage.data.slice(offset, offset + size) as TypedArrays[D];
    return copyOf(this).storage.data.slice() as TypedArrays[D];
  }

  /** The number in a tensor of one element. */
  item(): Element<D> {
    if (this.size !== 1) {
      throw new ShapeError(
        `item: the tensor must have one element; got shape ${show(this.shape)}; use data() or toArray()`,
      );
    }
    valueRead('item()');
    checkAttached('item', this);
    return elements(this.storage.data, this.dtype)(this.offset) as Element<D>;
  }

  /** The elements as nested arrays; a scalar gives a number. */
  toArray(): Nested<S, Element<D>> {
    const { shape, dtype } = this;
    const read = elements(this.data(), dtype);
    let at = 0;
    const build = (axis: number): unknown =>
      axis === shape.length ? read(at++) : Array.from({ length: shape[axis] }, () => build(axis + 1));
    return build(0) as Nested<S, Element<D>>;
  }

  /** Marks a leaf whose gradient is wanted; returns it. */
  requireGrad(wanted = true): this {
    if (wanted && !isDifferentiable(this.dtype)) {
      throw new DTypeError(
        `requireGrad: only floating-point tensors have gradients; got ${this.dtype}; convert with to('float32')`,
      );
    }
    if (this.node !== null) {
      throw new StateError(
        `requireGrad: this tensor is the result of ${this.node.op}; only leaves can be marked; use detach() first`,
      );
    }
    this.requiresGrad = wanted;
    return this;
  }

  /** The same values without their history: gradients stop here. Shares memory. */
  detach(): Tensor<S, D> {
    return new Tensor<S, D>(this.storage, this.dtype, this.shape, this.strides, this.offset);
  }

  /**
   * Computes the gradient of this tensor with respect to every leaf that requires one, and adds it to the leaf's `grad`.
   *
   * @param gradient      ∂(loss)/∂(this), of this tensor's shape; may be left out for one element (then 1)
   * @param retainGraph   keep what backward needs, so that it can run again; default false
   */
  backward(gradient?: Tensor<S, D>, options: { retainGraph?: boolean } = {}): void {
    backward(this, gradient, options);
  }

  /**
   * Overwrites this tensor's elements, in place. Not recorded: do it outside of what is differentiated. A backward that
   * still needs the old values refuses to run.
   */
  assign(value: Tensor<S>): this {
    overwrite('assign', this, value);
    return this;
  }

  /**
   * The end of a `using` declaration: lets go of this tensor's history and of its gradient, so that what was saved for
   * backward is free for the collector while the tensor itself may still be held. Its values stay, since nothing that
   * somebody holds is ever taken away, and results that were computed from it can still be differentiated.
   *
   *     { using loss = crossEntropy(model.forward(x), labels); … }
   */
  [Symbol.dispose](): void {
    this.node = null;
    if (this.#grad !== null) this.grad = null;
  }

  toString(): string {
    return format(this);
  }

  [inspect.custom](): string {
    return format(this);
  }
}

export interface Tensor<S extends Shape, D extends DType> extends Methods<S, D> {}

/** An operand that may be left out. */
export type Optional<T = Tensor> = T | null | undefined;

/** What is defined for complex numbers, beside what is made of these alone. Every other op refuses them: `checkTensor`. */
const complexOps: ReadonlySet<string> = new Set([
  ...[
    'abs',
    'add',
    'angle',
    'conj',
    'div',
    'eq',
    'exp',
    'imag',
    'mul',
    'ne',
    'neg',
    'real',
    'reciprocal',
    'square',
    'sub',
  ],
  ...['assign', 'clone', 'concat', 'contiguous', 'expand', 'flatten', 'flip', 'pad', 'permute', 'repeatInterleave'],
  ...['reshape', 'roll', 'slice', 'split', 'squeeze', 'stack', 'tile', 'to', 'transpose', 'unsqueeze', 'viewAsReal'],
  ...['gather', 'indexAdd', 'indexSelect', 'maskedFill', 'scatterAdd', 'where', 'fullLike', 'onesLike', 'zerosLike'],
  ...['cumsum', 'isFinite', 'isNaN', 'mean', 'sum'],
  ...['einsum', 'kron', 'matmul', 'multiDot', 'outer', 'tensordot'],
  ...['fft', 'ifft', 'irfft', 'fft2', 'ifft2', 'irfft2', 'fftn', 'ifftn', 'irfftn', 'fftshift', 'ifftshift'],
  ...['istft', 'spectrogram', 'stft'],
]);

/** Refuses what a caller without types may give, a plain array or nothing, and complex numbers where they have no meaning. */
export function checkTensor(op: string, x: unknown): void {
  if (x instanceof Tensor && (!isComplex(x.dtype) || complexOps.has(op))) return;
  refuse(op, x);
}

/** Apart, because a check that is short is compiled into its op. */
function refuse(op: string, x: unknown): never {
  if (x instanceof Tensor) {
    throw new DTypeError(
      `${op}: the operand must be real; got ${x.dtype}; take its parts (real, imag, viewAsReal) or its abs`,
    );
  }
  throw new ValueError(`${op}: an operand must be a tensor; got ${kindOf(x)}; make one with tensor(…)`);
}

kernel('copy', { flops: 0 });

/** The same elements in memory of their own, in row-major order. */
function copyOf(x: Tensor): Tensor {
  const { dtype, shape, size } = parts(x);
  const copy = new Tensor(allocate(dtype, size, shape), x.dtype, x.shape);
  run('copy', [parts(copy), parts(x)]);
  return copy;
}

/**
 * What memory and kernels know of a tensor: complex numbers as pairs of real and imaginary part, [..., 2]; any other tensor
 * itself. Without history.
 */
export function parts(x: Tensor): Tensor {
  if (!isComplex(x.dtype)) return x;
  const strides = x.strides.map((stride) => 2 * stride);
  return new Tensor(x.storage, partDType(x.dtype), [...x.shape, 2], [...strides, 1], 2 * x.offset);
}

/** The complex tensor of pairs [..., 2] that lie one behind another at even places. Without history. */
export const fromParts = (pairs: Tensor): Tensor<any, ComplexDType> =>
  new Tensor(
    pairs.storage,
    toComplexDType(pairs.dtype),
    pairs.shape.slice(0, -1),
    pairs.strides.slice(0, -1).map((stride) => stride / 2),
    pairs.offset / 2,
  );

/** Reads elements out of a tensor's memory as JavaScript sees them. */
export function elements(data: ArrayLike<number>, dtype: DType): (at: number) => number | boolean | Complex {
  if (dtype === 'bool') return (at) => data[at] !== 0;
  if (dtype === 'bfloat16') return (at) => fromBfloat16(data[at]);
  if (isComplex(dtype)) return (at) => ({ re: data[2 * at], im: data[2 * at + 1] });
  return (at) => data[at];
}

/** Writes a value over a tensor's elements and says who did it. */
export function overwrite(writer: string, target: Tensor, value: Tensor): void {
  checkTensor(writer, value);
  if (!sameShape(target.shape, value.shape)) {
    throw new ShapeError(
      `${writer}: the value must have the target's shape ${show(target.shape)}; got ${show(value.shape)}`,
    );
  }
  if (target.node !== null) {
    throw new StateError(
      `${writer}: this tensor is the result of ${target.node.op}; only leaves can be overwritten; use detach() first`,
    );
  }
  if (target.size > 1 && target.strides.some((stride, i) => stride === 0 && target.shape[i] > 1)) {
    throw new ShapeError(
      `${writer}: the target ${show(target.shape)} repeats its elements; ${writer} to the tensor that it was expanded from`,
    );
  }
  if (isComplex(target.dtype) !== isComplex(value.dtype)) {
    throw new DTypeError(
      `${writer}: a complex tensor takes complex values, a real one real ones; got ${value.dtype} for ${target.dtype}; convert it`,
    );
  }
  // A value in the target's own memory would be overwritten while it is read.
  const source = value.storage === target.storage ? copyOf(value) : value;
  run('copy', [parts(target), parts(source)]);
  touch(writer, target);
}

/** Notes that a tensor's memory was written in place. */
export function touch(writer: string, tensor: Tensor): void {
  const { storage } = tensor;
  storage.version++;
  storage.writer = writer;
  recording()?.written(storage, writer);
  if (watchers !== null) for (const watcher of watchers) watcher.written?.(writer, tensor);
}
