import type { Backend, Call, CallHooks, View } from '../backend/index.js';
import { productDType } from '../core/autocast.js';
import type { StateError } from '../core/errors.js';
import { type Recording, recording, surroundings } from '../core/recording.js';
import { Storage } from '../core/storage.js';
import { opInBackward } from '../tensor/tape.js';
import type { Tensor } from '../tensor/tensor.js';

/** What a step does with the gradient of a leaf. */
export interface GradientUse {
  /** The gradient that was there when the step first read it; undefined if it set one before, or never looked. */
  before?: Tensor | null;
  /** Whether the step set it. */
  set: boolean;
}

/** An effect in JavaScript, and how many kernel calls came before it. */
export interface Effect {
  readonly before: number;
  readonly run: () => void;
}

/** A call of the step; its numbers follow `live` at every replay. */
export interface RecordedCall extends Call {
  /** Its place among the step's calls. */
  readonly index: number;
  readonly views: readonly View[];
}

/** What must hold for the calls to be right. */
export interface Assumption {
  readonly read: () => unknown;
  readonly value: unknown;
}

/**
 * Listens at the door, and to what ops say of themselves, while a step runs as it would without. What is older than the
 * recording is the step's surroundings: parameters, running statistics, an optimiser's state.
 */
export class Recorder implements Recording {
  readonly calls: RecordedCall[] = [];
  readonly effects: Effect[] = [];
  readonly assumptions: Assumption[] = [];
  readonly gradients = new Map<Tensor, GradientUse>();
  readonly writers = new Map<Storage, string>();
  readonly #start = new Storage(new Uint8Array(0)).id;
  readonly #leaves = new Set<Tensor>();
  readonly #refused: (error: StateError) => void;

  /**
   * @param inputs   the step's arguments: others in each call
   * @param refused  told of what cannot be captured, where the step does it
   */
  constructor(inputs: readonly Tensor[], refused: (error: StateError) => void) {
    for (const input of inputs) this.#leaves.add(input);
    this.#refused = refused;
    this.assumption(surroundings);
    this.assumption(productDType);
  }

  /** Stands between the ops and an engine. */
  readonly wrap = (engine: Backend): Backend => ({
    name: engine.name,
    has: (kernel) => engine.has(kernel),
    functions: engine.functions,
    run: (kernel, views, numbers, hooks) => {
      const found = engine.run(kernel, views, numbers, hooks);
      if (recording() === this) this.#call(kernel, views, numbers, hooks);
      return found;
    },
    prepare: (program) => engine.prepare(program),
  });

  #call(kernel: string, views: readonly View[], numbers: readonly number[], hooks: CallHooks = {}): void {
    const op = opInBackward();
    const caller = op === null ? {} : { caller: { op, backward: true } };
    const call: RecordedCall = { kernel, views, numbers, index: this.calls.length, ...hooks, ...caller };
    const { live } = hooks;
    if (live !== undefined) {
      this.effect(() => {
        call.numbers = live();
      });
    }
    this.calls.push(call);
  }

  effect(run: () => void): void {
    this.effects.push({ before: this.calls.length, run });
  }

  assumption(read: () => unknown): void {
    this.assumptions.push({ read, value: read() });
  }

  written(storage: Storage, writer: string): void {
    this.writers.set(storage, writer);
  }

  leaf(tensor: Tensor): void {
    if (tensor.node !== null || !this.isOlder(tensor.storage) || this.#leaves.has(tensor)) return;
    this.#leaves.add(tensor);
    this.assumption(() => tensor.requiresGrad);
  }

  result(op: string, { storage }: Tensor, operands: readonly Tensor[]): void {
    const last = this.calls.at(-1);
    // A view of what the last call wrote is no result of its own.
    if (last?.views[0].storage !== storage || operands.some((operand) => operand.storage === storage)) return;
    last.caller ??= { op, backward: false };
  }

  gradientRead(leaf: Tensor, gradient: Tensor | null): void {
    const use = this.#useOf(leaf);
    if (!use.set && use.before === undefined) use.before = gradient;
  }

  gradientSet(leaf: Tensor): void {
    this.#useOf(leaf).set = true;
  }

  refuse(error: StateError): void {
    this.#refused(error);
  }

  /** Whether a storage was there before the step. */
  isOlder(storage: Storage): boolean {
    return storage.id < this.#start;
  }

  #useOf(leaf: Tensor): GradientUse {
    let use = this.gradients.get(leaf);
    if (use === undefined) {
      use = { set: false };
      this.gradients.set(leaf, use);
    }
    return use;
  }
}
