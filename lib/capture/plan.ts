import {
  type Backend,
  engineInUse,
  type Failure,
  fusedFunctions,
  prepare,
  type Replay,
  type View,
  valueAt,
} from '../backend/index.js';
import { isComplex } from '../core/dtype.js';
import { sameShape } from '../core/shape.js';
import { allocate, Storage } from '../core/storage.js';
import { fromParts, parts, readGradient, Tensor } from '../tensor/tensor.js';
import { type Compiled, compile, type Leaf, type PlannedView } from './compile.js';
import { fingerprint } from './fingerprint.js';
import type { Recorder } from './recorder.js';

/** Memory that the plans of one step share: they never run at the same time. */
export class Arena {
  buffer: ArrayBufferLike = new ArrayBuffer(0);
  /** Where its first aligned byte is. */
  start = 0;

  /** Makes room; whoever laid out something in the old buffer finds another one here. */
  grow(bytes: number): void {
    if (bytes <= this.buffer.byteLength - this.start) return;
    const { buffer, byteOffset } = allocate('uint8', Math.max(bytes, 1025)).data;
    this.buffer = buffer;
    this.start = byteOffset;
  }
}

/** A step recorded for arguments of one kind, ready to run again. */
export class Plan {
  readonly #arena: Arena;
  readonly #compiled: Compiled;
  readonly #requiresGrad: readonly boolean[];
  /** Of each argument, and behind them of each gradient that the step begins with, the first one in the same slot. */
  readonly #firsts: readonly number[];
  #buffer: ArrayBufferLike | undefined;
  #engine: Backend | undefined;
  #replays: readonly Replay[] = [];
  #lasting: Replay | undefined;
  /** Of all that the lasting calls read, together, when they last ran; it only grows. */
  #version = -1;
  /** Tensors for the gradients that a run leaves in the arena. */
  #gradients: readonly (Tensor | null)[] = [];

  constructor(arena: Arena, recorder: Recorder, inputs: readonly Tensor[], results: readonly Tensor[]) {
    this.#arena = arena;
    this.#requiresGrad = inputs.map(({ requiresGrad }) => requiresGrad);
    recorder.assumption(fusedFunctions);
    this.#compiled = compile(recorder, inputs, results);
    const views = [...this.#compiled.inputs, ...this.#compiled.before.map(({ view }) => view)];
    this.#firsts = views.map((view) => views.findIndex((other) => other?.slot === view?.slot));
  }

  /** Kernel calls of a run. */
  get calls(): number {
    return this.#compiled.segments.reduce((count, { calls }) => count + calls.length, 0);
  }

  /** Bytes that the temporaries take together. */
  get arenaBytes(): number {
    return this.#compiled.arenaBytes;
  }

  /** What distinguishes this plan from one of a step that does something else. */
  get fingerprint(): readonly string[] {
    return fingerprint(this.#compiled);
  }

  /** Whether a call with these arguments, at this moment, would do what was recorded. */
  fits(inputs: readonly Tensor[]): boolean {
    const { inputs: wanted, before, assumptions } = this.#compiled;
    for (let i = 0; i < wanted.length; i++) {
      if (!isLike(inputs[i], wanted[i])) return false;
      if (inputs[i].requiresGrad !== this.#requiresGrad[i]) return false;
    }
    for (const { read, value } of assumptions) if (read() !== value) return false;
    for (const { leaf, view } of before) {
      const grad = readGradient(leafOf(leaf, inputs));
      if ((grad === null) !== (view === null)) return false;
      if (grad === null || view === null) continue;
      if (!isLike(grad, view)) return false;
    }
    return this.#sharesAlike(inputs);
  }

  /** Whether arguments and gradients that lay in one memory still do, as far from each other. */
  #sharesAlike(inputs: readonly Tensor[]): boolean {
    const { inputs: wanted, before } = this.#compiled;
    const count = wanted.length;
    const givenAt = (i: number): View =>
      parts(i < count ? inputs[i] : (readGradient(leafOf(before[i - count].leaf, inputs)) as Tensor));
    const viewAt = (i: number): PlannedView => (i < count ? wanted[i] : (before[i - count].view as PlannedView));
    return this.#firsts.every((first, i) => {
      if (first === i || (i >= count && before[i - count].view === null)) return true;
      const [a, b] = [givenAt(first), givenAt(i)];
      const shift = viewAt(i).offset - viewAt(first).offset;
      return a.storage === b.storage && a.offset + shift === b.offset && !(i >= count && this.#isInArena(b));
    });
  }

  #isInArena({ storage }: View): boolean {
    return storage.data.buffer === this.#arena.buffer;
  }

  run(inputs: readonly Tensor[]): Tensor[] {
    this.#begin(inputs, readGradient);
    if (this.#isOutdated()) this.#lasting?.run();
    this.#compiled.segments.forEach(({ effects }, i) => {
      for (const effect of effects) effect();
      this.#check(this.#replays[i].run(), inputs);
    });
    return this.#finish(inputs);
  }

  async runAsync(inputs: readonly Tensor[]): Promise<Tensor[]> {
    // Read as a user reads it: until the run is over the gradient's memory must not go to other results.
    this.#begin(inputs, ({ grad }) => grad);
    if (this.#isOutdated()) await this.#lasting?.runAsync();
    for (const [i, { effects }] of this.#compiled.segments.entries()) {
      for (const effect of effects) effect();
      this.#check(await this.#replays[i].runAsync(), inputs);
    }
    return this.#finish(inputs);
  }

  /** Puts this run's memory into the slots. */
  #begin(inputs: readonly Tensor[], gradientOf: (leaf: Tensor) => Tensor | null): void {
    const { inputs: views, before, fresh } = this.#compiled;
    this.#layOut();
    for (let i = 0; i < views.length; i++) {
      if (this.#firsts[i] === i) views[i].slot.storage = memoryOf(inputs[i], views[i]);
    }
    before.forEach(({ leaf, view }, i) => {
      const grad = gradientOf(leafOf(leaf, inputs));
      if (view === null || grad === null || this.#firsts[views.length + i] !== views.length + i) return;
      // What the last run left in the arena would be overwritten before it is read.
      view.slot.storage = memoryOf(this.#isInArena(grad) ? grad.clone() : grad, view);
    });
    for (const { slot, dtype, size } of fresh) slot.storage = allocate(dtype, size);
  }

  /** Finds memory for the temporaries, and makes the calls ready, where the last run's are no longer right. */
  #layOut(): void {
    const { temporaries, arenaBytes, after, segments, lasting, bound } = this.#compiled;
    this.#arena.grow(arenaBytes);
    const { buffer, start } = this.#arena;
    if (this.#buffer === buffer && this.#engine === engineInUse()) return;
    for (const { slot, offset } of temporaries) {
      const { constructor, length } = slot.storage.data;
      slot.storage = new Storage(
        new (constructor as Float32ArrayConstructor)(buffer as ArrayBuffer, start + offset, length),
      );
    }
    const inArena = new Set(temporaries.map(({ slot }) => slot));
    this.#gradients = after.map(({ gradient }) =>
      gradient === null || gradient instanceof Tensor || !inArena.has(gradient.slot) ? null : tensorOf(gradient),
    );
    this.#replays = segments.map(({ calls }) => prepare({ calls, bound }));
    this.#lasting = lasting.calls.length > 0 ? prepare({ calls: lasting.calls, bound: [] }) : undefined;
    this.#version = -1;
    this.#buffer = buffer;
    this.#engine = engineInUse();
  }

  /** Whether the lasting calls must run before the others: the first time, and where what they read was written since. */
  #isOutdated(): boolean {
    if (this.#lasting === undefined) return false;
    let version = 0;
    for (const source of this.#compiled.lasting.sources) version += source.version;
    const outdated = version !== this.#version;
    this.#version = version;
    return outdated;
  }

  #check(failure: Failure | null, inputs: readonly Tensor[]): void {
    if (failure === null) return;
    for (const { leaf } of this.#compiled.after) {
      const target = leafOf(leaf, inputs);
      if (target.grad?.storage.data.buffer === this.#arena.buffer) target.grad = null;
    }
    const { call, position } = failure;
    throw call.fail?.(valueAt(call.views[0], position), position);
  }

  #finish(inputs: readonly Tensor[]): Tensor[] {
    const { results, after, written } = this.#compiled;
    for (const { slot, writer } of written) {
      slot.storage.version++;
      slot.storage.writer = writer;
    }
    for (let i = 0; i < after.length; i++) {
      const { leaf, gradient } = after[i];
      const kept = this.#gradients[i];
      if (kept !== null) kept.storage.version++;
      leafOf(leaf, inputs).grad = kept ?? (gradient && tensorOf(gradient));
    }
    return results.map(tensorOf);
  }
}

const leafOf = (leaf: Leaf, inputs: readonly Tensor[]): Tensor => (typeof leaf === 'number' ? inputs[leaf] : leaf);

/** Whether a tensor has the geometry and the dtype of a planned one. */
function isLike(tensor: Tensor, view: PlannedView): boolean {
  const { dtype, shape, strides } = parts(tensor);
  const alike = dtype === view.dtype && isComplex(tensor.dtype) === view.isComplex;
  return alike && sameShape(shape, view.shape) && sameShape(strides, view.strides);
}

/** A tensor's storage from where the plan's view of it begins to count. */
function memoryOf(tensor: Tensor, view: PlannedView): Storage {
  const { storage, offset } = parts(tensor);
  const start = offset - view.offset;
  return start === 0 ? storage : new Storage(storage.data.subarray(start));
}

function tensorOf(source: Tensor | PlannedView): Tensor {
  if (source instanceof Tensor) return source;
  const tensor = new Tensor(source.storage, source.dtype, source.shape, source.strides, source.offset);
  return source.isComplex ? fromParts(tensor) : tensor;
}
