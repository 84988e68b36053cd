import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { ValueError } from '../core/errors.js';
import { sizeOf } from '../core/shape.js';
import type { AnyView, Backend, FusedFunctions, Program, Replay, View } from './backend.js';
import { kernel } from './kernel.js';
import { type Addon, loadAddon, nativeBackend } from './native.js';
import { referenceBackend } from './reference.js';
import { valueAt } from './value.js';

/** Which engine runs, and if it is the fallback, why. */
export interface BackendInfo {
  readonly name: 'native' | 'reference';
  /** Instruction set of the kernels in use: 'baseline', 'avx2', 'avx512', 'avx512bf16'; 'javascript' on the reference backend. */
  readonly isa: string;
  /** Every instruction set that this machine can run, slowest first. */
  readonly isas: readonly string[];
  readonly threads: number;
  /** Why the native engine is not in use. */
  readonly reason?: string;
}

let addon: Addon | undefined;
let isa = 'javascript';
let reason: string | undefined;
let native: Backend | undefined;
let engine: Backend = choose(process.env['ADJOINT_BACKEND']);
/** What stands between the ops and the engine, the innermost first. */
let wraps: readonly ((engine: Backend) => Backend)[] = [];
/** What the ops see: the engine, wrapped. */
let active: Backend = engine;

function choose(wanted: string | undefined): Backend {
  if (wanted !== undefined && wanted !== '' && wanted !== 'native' && wanted !== 'reference') {
    throw new ValueError(`backend: must be 'native' or 'reference'; got '${wanted}'`);
  }
  if (wanted === 'reference') {
    reason = 'the reference backend was asked for';
    isa = 'javascript';
    return referenceBackend;
  }
  const wantedIsa = process.env['ADJOINT_ISA'];
  try {
    addon ??= loadAddon();
  } catch (error) {
    const why = (error as Error).message;
    // Who names the engine or its instruction set gets that or an error, nothing slower.
    if (wanted === 'native' || wantedIsa) {
      throw new ValueError(`backend: the native engine cannot be loaded: ${why}`, { cause: error });
    }
    reason = why;
    warnOfFallback(why);
    return referenceBackend;
  }
  reason = undefined;
  useIsa(addon, wantedIsa || addon.isas[addon.isas.length - 1], 'ADJOINT_ISA:');
  native ??= nativeBackend(addon);
  return native;
}

function useIsa(engine: Addon, name: string, subject: string): void {
  if (!engine.setIsa(name)) {
    throw new ValueError(
      `${subject} must be an instruction set that this machine runs (${engine.isas.join(', ')}); got '${name}'`,
    );
  }
  isa = name;
}

/** Once a process: worker threads inherit environment data from the thread that starts them. */
function warnOfFallback(why: string): void {
  const key = 'adjoint: warned of the fallback';
  if (getEnvironmentData(key) === true) return;
  setEnvironmentData(key, true);
  process.emitWarning(
    `adjoint runs on its pure-TypeScript backend, 10 to 100 times slower, because the native engine cannot be loaded: ${why}`,
    { code: 'ADJOINT_FALLBACK' },
  );
}

/** Tells which engine runs: `{ name: 'native', isa: 'avx512bf16', isas: [...], threads: 2 }`. */
export function backend(): BackendInfo {
  const native = active.name === 'native' ? addon : undefined;
  return {
    name: active.name,
    isa,
    isas: native?.isas ?? ['javascript'],
    threads: native?.threads() ?? 1,
    ...(reason === undefined ? {} : { reason }),
  };
}

/**
 * Chooses the engine for all that follows; tensors move freely between engines. Also: `ADJOINT_BACKEND`, `ADJOINT_ISA`.
 *
 * @param options.isa  an instruction set of `backend().isas`, slower than the best: for tests and comparisons
 */
export function setBackend(name: 'native' | 'reference', options: { isa?: string } = {}): void {
  engine = choose(name);
  rewrap();
  if (options.isa !== undefined && name === 'native') useIsa(addon as Addon, options.isa, 'setBackend: isa');
}

/**
 * Sets how many threads a kernel may use. Default: what affinity and the container's CPU quota allow. Results do not
 * depend on it. The reference backend has one thread. Also: `ADJOINT_NUM_THREADS`.
 */
export function setNumThreads(count: number): void {
  if (!Number.isInteger(count) || count < 1 || count > 256) {
    throw new ValueError(`setNumThreads: count must be a whole number from 1 to 256; got ${count}`);
  }
  addon?.setThreads(count);
}

/**
 * The door: runs a kernel on views, results first.
 *
 * @param numbers  or a function that gives them, where they change from step to step: a captured step asks it again
 */
export function run(
  kernel: string,
  views: readonly AnyView[],
  numbers: readonly number[] | (() => readonly number[]) = [],
): void {
  const real = views as readonly View[]; // engines refuse what is not: it has no code of theirs
  if (typeof numbers === 'function') active.run(kernel, real, numbers(), { live: numbers });
  else active.run(kernel, real, numbers);
}

kernel('findOutside', { writes: 0, flops: ([x]) => 2 * sizeOf(x.shape) });

/**
 * Refuses a tensor that has an element outside of low … high, other than `except`; NaN is outside.
 *
 * @param fail  makes the error of the first such element and its position in row-major order
 */
export function checkRange(
  x: AnyView,
  { low, high, except = Number.NaN }: { low: number; high: number; except?: number },
  fail: (value: number, position: number) => Error,
): void {
  const view = x as View;
  const position = active.run('findOutside', [view], [low, high, except], { fail });
  if (position >= 0) throw fail(valueAt(view, position), position);
}

/** The position, in row-major order, of the first element outside of low … high; −1 where there is none. NaN is outside. */
export function findOutside(x: AnyView, low: number, high: number): number {
  return active.run('findOutside', [x as View], [low, high, Number.NaN]);
}

/** Whether the engine has a kernel of that name; fused kernels are native only. */
export const hasKernel = (kernel: string): boolean => active.has(kernel);

/** Makes calls that were recorded ready to run again. */
export const prepare = (program: Program): Replay => active.prepare(program);

/** Puts something between the ops and the engine, which sees every call, until the function that this returns is called. */
export function intercept(wrap: (engine: Backend) => Backend): () => void {
  wraps = [...wraps, wrap];
  rewrap();
  return () => {
    wraps = wraps.filter((other) => other !== wrap);
    rewrap();
  };
}

function rewrap(): void {
  active = wraps.reduce((inner, wrap) => wrap(inner), engine);
}

/** The elementwise functions that fused calls of this engine can have. */
export const fusedFunctions = (): FusedFunctions => active.functions;

/** What stands behind the door now; a program that was prepared by another one must be prepared again. */
export const engineInUse = (): Backend => active;
