/* What a bench is made of: cases, and competitors that are asked for them. */

/**
 * How our engine does a case: only its kernel calls, into the memory that their results had; the public calls as they are;
 * or the public calls as a captured step.
 */
export type Mode = 'kernel' | 'eager' | 'captured';

/** One line of a table. */
export interface Case {
  readonly name: string;
  /** The work in words that every competitor knows: `gemm float32 NT 1 128 512 784`. */
  readonly ask: string;
  /** Cases of one section have one mean. */
  readonly section: string;
  /** Floating-point operations, where the share of the multiply-add peak means something. */
  readonly flop?: number;
  /** Bytes read and written at the least, where the share of the memory's bandwidth means something. */
  readonly bytes?: number;
  /** A kernel whose calls do not count where only kernels are timed: no part of the work. */
  readonly omit?: string;
  /** Makes the call that is timed. */
  readonly setup: (mode: Mode) => () => unknown;
}

/** A program to be run, with what its environment has beside ours. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A process that answers. */
export interface Competitor {
  readonly name: string;
  /** The column in which it stands; the fastest of a family is shown. */
  readonly family: string;
  /** `own` stands beside without a part in the ratios. The first competitor of a group is what is measured. */
  readonly own?: boolean;
  /** A sentence where it cannot be run. */
  readonly command: (threads: number) => Command | string;
  /** What it is asked for a case; undefined where it has no part. Default: the case's words. */
  readonly ask?: (item: Case) => string | undefined;
  /** Its times are multiplied by this in the bar's ratio. */
  readonly factor?: (item: Case, threads: number) => number;
}

export interface Group {
  readonly name: string;
  /** A line of help. */
  readonly about: string;
  readonly cases: readonly Case[];
  readonly competitors: readonly Competitor[];
  /** Threads by default. */
  readonly threads?: readonly number[];
  /** Whether a busy process runs besides. */
  readonly neighbour?: boolean;
}
