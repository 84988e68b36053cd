import {
  type Backend,
  type Call,
  type Caller,
  type Cost,
  costOf,
  intercept,
  type Program,
  type Replay,
} from '../backend/index.js';
import { checkFunction } from '../core/check.js';
import { during } from '../core/during.js';
import { StateError } from '../core/errors.js';
import type { Storage } from '../core/storage.js';
import type { Shape } from '../core/types.js';
import { type Watcher, watch } from '../core/watching.js';
import { opInBackward } from '../tensor/tape.js';
import type { Tensor } from '../tensor/tensor.js';
import { measurePeak } from './peak.js';
import { ProfileReport } from './report.js';

/** A kernel call that took place. Times are in milliseconds since the profile began. */
export interface CallEvent extends Omit<Cost, 'products'> {
  readonly kernel: string;
  caller: Caller | undefined;
  /** Part of a captured step. */
  readonly captured: boolean;
  readonly start: number;
  readonly end: number;
  /** Of the first view. */
  readonly shape: Shape;
  /** Elements have 8 bytes, and arithmetic half of float32's peak. */
  readonly double: boolean;
}

/** What `mark` saw. */
export interface Mark {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const now = (): number => performance.now();
const idleTime = (): number => performance.eventLoopUtilization().idle;

/** Milliseconds of the clock behind `process.hrtime`, which native code reads too. */
function monotonic(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** From `monotonic` to `now`: constant; the largest of several differences is the one that nothing came in between of. */
const offset = Math.max(...Array.from({ length: 10 }, () => now() - monotonic()));

let running: Profiler | null = null;

/**
 * Stands at the door. Every moment is either within a kernel, the profiler's own, or between two calls: then JavaScript
 * runs, or waits. Each of these is measured as it comes, so that their sum can be held against the wall clock's.
 */
export class Profiler implements Watcher {
  readonly events: CallEvent[] = [];
  readonly marks: Mark[] = [];
  readonly #begin = now();
  readonly #wall = monotonic();
  /** The event loop's idle time, less what went by while kernels ran beside this thread. */
  #idle = idleTime();
  readonly #release: readonly (() => void)[];
  /** When the last kernel, and the work of noting it, was over. */
  #since = this.#begin;
  #between = 0;
  #own = 0;
  /** Where the last event's result is, until its op is known. */
  #last: Storage | null = null;

  constructor() {
    if (running !== null) {
      throw new StateError(
        'profile: one profile at a time; another one is running; stop it first, or mark a part of it',
      );
    }
    running = this;
    this.#release = [intercept((engine) => this.#wrap(engine)), watch(this)];
  }

  /** Ends the profile, and measures the machine's peak, which takes 0.1 s. */
  stop(): ProfileReport {
    if (running !== this) throw new StateError('profile: this profile was stopped before; start another one');
    this.#between += now() - this.#since;
    const wall = monotonic() - this.#wall;
    const waiting = Math.min(this.#between, Math.max(0, idleTime() - this.#idle));
    this.abandon();
    return new ProfileReport({
      wall,
      javascript: this.#between - waiting,
      waiting,
      profiler: this.#own,
      events: this.events,
      marks: this.marks,
      peak: measurePeak(),
    });
  }

  /** Leaves the door. */
  abandon(): void {
    running = null;
    for (const release of this.#release) release();
  }

  /** The op of the last call is known when its result enters the tape; a view of it is no result of the call. */
  result(op: string, { storage }: Tensor, operands: readonly Tensor[]): void {
    if (storage !== this.#last || operands.some((operand) => operand.storage === storage)) return;
    this.events[this.events.length - 1].caller ??= { op, backward: false };
  }

  /** Runs a part of the program under a name. */
  mark<R>(name: string, body: () => R): R {
    const start = now() - this.#begin;
    return during(body, () => this.marks.push({ name, start, end: now() - this.#begin }));
  }

  #wrap(engine: Backend): Backend {
    return {
      name: engine.name,
      has: (kernel) => engine.has(kernel),
      functions: engine.functions,
      run: (kernel, views, numbers, hooks) => {
        const start = now();
        this.#between += start - this.#since;
        this.#since = start;
        const found = engine.run(kernel, views, numbers, hooks);
        const end = now();
        const op = opInBackward();
        const caller = op === null ? {} : { caller: { op, backward: true } };
        this.#note({ kernel, views, ...caller }, start, end, false, costOf(kernel, views, numbers));
        this.#last = views[0].storage;
        this.#since = now();
        this.#own += this.#since - end;
        return found;
      },
      prepare: (program) => this.#prepare(engine, program),
    };
  }

  /** A program runs as it does without a profile, in one go, and its calls' times are read afterwards. */
  #prepare(engine: Backend, program: Program): Replay {
    const replay = engine.prepare(program);
    const times = new Float64Array(2 * program.calls.length);
    const costs = program.calls.map(({ kernel, views, numbers }) => costOf(kernel, views, numbers));
    const began = (): number => {
      const start = now();
      this.#between += start - this.#since;
      this.#since = start;
      return start;
    };
    const ended = (start: number): number => {
      const end = now();
      let within = 0;
      for (let i = 0; i < costs.length && times[2 * i + 1] > 0; i++) {
        const from = times[2 * i] / 1e6 + offset;
        const to = times[2 * i + 1] / 1e6 + offset;
        this.#note(program.calls[i], from, to, true, costs[i]);
        within += to - from;
      }
      times.fill(0);
      this.#last = null;
      this.#between += end - start - within;
      this.#since = now();
      this.#own += this.#since - end;
      return within;
    };
    return {
      run: () => {
        const start = began();
        const failure = replay.run(times);
        ended(start);
        return failure;
      },
      runAsync: async () => {
        const start = began();
        const idle = idleTime();
        const failure = await replay.runAsync(times);
        const within = ended(start);
        this.#idle += Math.min(idleTime() - idle, within);
        return failure;
      },
    };
  }

  #note(
    { kernel, views, caller }: Pick<Call, 'kernel' | 'views' | 'caller'>,
    start: number,
    end: number,
    captured: boolean,
    { flops, read, written }: Cost,
  ): void {
    const [{ shape, dtype }] = views;
    const double = dtype === 'float64';
    const [from, to] = [start - this.#begin, end - this.#begin];
    this.events.push({ kernel, caller, captured, start: from, end: to, shape, double, flops, read, written });
  }
}

/**
 * Begins a profile, for a program in which a callback has no place; `stop` ends it and gives the report.
 *
 *     const profiler = startProfile();
 *     for (const [x, y] of batches) trainStep(x, y);
 *     console.log(profiler.stop().table());
 *
 * @throws StateError "profile: one profile at a time; another one is running; stop it first, or mark a part of it"
 */
export const startProfile = (): { stop(): ProfileReport } => new Profiler();

/**
 * Runs `body` and tells where its time goes: in which kernels, for which ops, and outside of them. What runs without a
 * profile is not slowed down; with one a kernel call takes about a microsecond longer, which the report states by itself.
 *
 *     const report = profile(() => { for (const [x, y] of batches) trainStep(x, y); });
 *     console.log(report.table());
 *     writeFileSync('trace.json', JSON.stringify(report.chromeTrace()));
 *
 * Of an asynchronous body everything counts that this thread does until its promise is settled. Other threads have profiles
 * of their own. Captured steps run as always, and so do those beside the main thread; what JavaScript does meanwhile is
 * then counted in addition.
 *
 * @throws StateError "profile: one profile at a time; another one is running; stop it first, or mark a part of it"
 */
export function profile(body: () => Promise<unknown>): Promise<ProfileReport>;
export function profile(body: () => unknown): ProfileReport;
export function profile(body: () => unknown): ProfileReport | Promise<ProfileReport> {
  checkFunction('profile', 'body', body);
  const profiler = new Profiler();
  let result: unknown;
  try {
    result = body();
  } catch (error) {
    profiler.abandon();
    throw error;
  }
  if (!(result instanceof Promise)) return profiler.stop();
  return result.then(
    () => profiler.stop(),
    (error) => {
      profiler.abandon();
      throw error;
    },
  );
}

/**
 * Names a part of the program in the running profile's report and trace: `mark('forward', () => model.forward(x))`. Returns
 * what the body returns, also a promise; without a profile it only calls it.
 */
export function mark<R>(name: string, body: () => R): R {
  checkFunction('mark', 'body', body);
  return running === null ? body() : running.mark(name, body);
}
