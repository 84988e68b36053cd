import type { DType, RealDType } from '../core/dtype.js';
import type { Storage } from '../core/storage.js';
import type { Shape } from '../core/types.js';

/** How a kernel sees a tensor: elements of a storage at `offset + Σ indexᵢ · stridesᵢ`. A real Tensor is one. */
export interface View {
  readonly storage: Storage;
  readonly dtype: RealDType;
  readonly offset: number;
  readonly shape: Shape;
  readonly strides: readonly number[];
}

/** What ops hand over: a view, unless it is of complex numbers. */
export interface AnyView extends Omit<View, 'dtype'> {
  readonly dtype: DType;
}

/** What a replay of a call needs beside its views and numbers. */
export interface CallHooks {
  /** Gives the numbers where they change from step to step: a schedule's rate, a generator's position. */
  live?: () => readonly number[];
  /** What to throw where a `find…` kernel found an element. */
  fail?: (value: number, position: number) => Error;
}

/** Which op made a call, for reports: in its forward, or for its gradients. */
export interface Caller {
  readonly op: string;
  readonly backward: boolean;
}

/** One kernel call. */
export interface Call extends CallHooks {
  readonly kernel: string;
  readonly views: readonly View[];
  numbers: readonly number[];
  caller?: Caller;
}

/** A place in a program for memory. */
export interface Slot {
  storage: Storage;
}

/** A view of the memory that is in a slot. */
export interface SlotView extends View {
  readonly slot: Slot;
}

/** A call of a program. */
export interface ProgramCall extends Call {
  readonly views: readonly SlotView[];
}

/** Calls that run again and again on the same shapes. */
export interface Program {
  readonly calls: readonly ProgramCall[];
  /** The slots whose storage may be another one in each run; that of the others stays. */
  readonly bound: readonly Slot[];
}

/** A check that failed in a program: at which call, and the element's position. */
export interface Failure {
  call: Call;
  position: number;
}

/**
 * A program made ready to run; a run gives null unless a check failed. `times`, if given, receives when each call began and
 * ended, in nanoseconds of the clock of `process.hrtime`.
 */
export interface Replay {
  run(times?: Float64Array): Failure | null;
  /** The same beside the main thread; one run at a time. */
  runAsync(times?: Float64Array): Promise<Failure | null>;
}

/** Elementwise functions by the kernel's name: their codes, and how many operands of one dtype they have; 0 for several. */
export type FusedFunctions = ReadonlyMap<string, { readonly code: number; readonly sources: number }>;

/**
 * The one door to arithmetic. A call is a flat record (kernel, views with the results first, numbers), checked by the op
 * that makes it: kernels trust their arguments. What wants to see every kernel call stands here and nowhere else.
 */
export interface Backend {
  readonly name: 'native' | 'reference';
  /** Fused kernels are native only; an op without its kernel runs its formula. */
  has(kernel: string): boolean;
  /** The elementwise functions that `chain`, `matmul` and `conv2d` can apply; none where these cannot. */
  readonly functions: FusedFunctions;
  /** Returns what a `find…` kernel found: an element's position in row-major order; else −1. */
  run(kernel: string, views: readonly View[], numbers: readonly number[], hooks?: CallHooks): number;
  prepare(program: Program): Replay;
}
