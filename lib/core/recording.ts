import type { Tensor } from '../tensor/tensor.js';
import { callSite } from './call_site.js';
import { StateError } from './errors.js';
import type { Storage } from './storage.js';

/**
 * What `capture` must know of a step beside its kernel calls. Whoever changes something in JavaScript that a replay must
 * change again, or decides by something that may be otherwise next time, says so here; nothing else knows of capture.
 */
export interface Recording {
  /** The effect takes place again at every replay, in the order of these calls. */
  effect(body: () => void): void;
  /** The recorded calls hold as long as this gives the same value. */
  assumption(read: () => unknown): void;
  /** A kernel wrote to memory that outlives the step. */
  written(storage: Storage, writer: string): void;
  /** A tensor outside of the step takes part in differentiation. */
  leaf(tensor: Tensor): void;
  /** An op has its result, new or a view. */
  result(op: string, result: Tensor, operands: readonly Tensor[]): void;
  gradientRead(leaf: Tensor, gradient: Tensor | null): void;
  gradientSet(leaf: Tensor): void;
  /** The step did what a replay cannot repeat. */
  refuse(error: StateError): void;
}

let current: Recording | null = null;

/** The recording that is going on. */
export const recording = (): Recording | null => current;

/** Runs `body` with another recording, or with none. */
export function withRecorder<R>(recorder: Recording | null, body: () => R): R {
  const before = current;
  current = recorder;
  try {
    return body();
  } finally {
    current = before;
  }
}

/** Runs an effect in JavaScript now, and at every replay of the step that is being captured. */
export function everyStep(effect: () => void): void {
  effect();
  current?.effect(effect);
}

/** A value that decides which kernels run; a captured step is recorded anew where it has changed. */
export function decidedBy<T>(read: () => T): T {
  current?.assumption(read);
  return read();
}

let changes = 0;

/** How often something changed of which a step being captured would not know: hooks came or went. */
export const surroundings = (): number => changes;
export function surroundingsChanged(): void {
  changes++;
}

/** Says that JavaScript runs for its own sake: a replay would leave it out. */
export function runsJavaScript(what: string): void {
  current?.refuse(
    new StateError(
      `capture: a replay runs no JavaScript; got ${what} at ${callSite()}; take it off, or run the step as it is`,
    ),
  );
}

/** Says that JavaScript reads a tensor's value: a replay has no JavaScript that could act on it. */
export function valueRead(op: string): void {
  current?.refuse(
    new StateError(
      `capture: a captured step cannot read a value in JavaScript; got ${op} at ${callSite()}; return the tensor from the step and read it there, or compute with tensors (where)`,
    ),
  );
}
