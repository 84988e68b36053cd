import { totalmem } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { origin } from './call_site.js';
import { given } from './check.js';
import type { DType } from './dtype.js';
import { MemoryError, ValueError } from './errors.js';
import { forgetSpare } from './recycling.js';
import { show } from './shape.js';
import type { Shape } from './types.js';

/*
 * How much memory tensors take, and the limit that an allocation must not exceed. JavaScript counts the bytes of its array
 * buffers as it makes and frees them; that count is asked only when what was allocated since could have reached the limit.
 */

/** In bytes. */
export interface MemoryUsage {
  /**
   * Array buffers of this thread that are not freed yet: the tensors, in use or waiting for the collector, and whatever
   * other buffers the program has. A tensor of up to 64 bytes may lie on the JavaScript heap instead.
   */
  readonly arrayBuffers: number;
  /** What `arrayBuffers` may reach; null where there is no limit. */
  readonly limit: number | null;
  /** What kernels keep from call to call: packed panels of products, padded images. All threads of the process. */
  readonly workingSpace: number;
  /** Pages of the whole process in memory: code, the JavaScript heap, tensors, and freed memory that it keeps. */
  readonly resident: number;
}

let workingSpace = (): number => 0;
/** Only native code knows its working space; it replaces this. */
export function setWorkingSpace(read: () => number): void {
  workingSpace = read;
}

/**
 * What memory is in use, in bytes; takes some 20 µs.
 *
 * @param collect  free what nobody refers to before counting, so that `arrayBuffers` holds what is in use alone; default
 *                 false; takes tens of milliseconds
 */
export function memoryUsage(options: { collect?: boolean } = {}): MemoryUsage {
  if (given(options).collect) collect();
  const { arrayBuffers, rss } = process.memoryUsage();
  return {
    arrayBuffers,
    limit: Number.isFinite(limit) ? limit : null,
    workingSpace: workingSpace(),
    resident: rss,
  };
}

let gc: (() => void) | undefined;

/** Runs a full collection at once. */
export function collect(): void {
  forgetSpare();
  if (gc === undefined) {
    setFlagsFromString('--expose-gc');
    gc = runInNewContext('gc') as () => void;
  }
  // The first finds dead buffers, the second waits until they are freed.
  gc();
  gc();
}

/**
 * A tenth, and at least 256 MB, stays for code, the JavaScript heap and working space: beyond what a container or a machine
 * has, the system ends the process without a word, and an error is better.
 */
function defaultLimit(): number {
  const constrained = process.constrainedMemory();
  const available = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.floor(Math.max(available / 2, Math.min(0.9 * available, available - 256e6)));
}

const units: Readonly<Record<string, number>> = {
  ...{ '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 },
  ...{ KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30, TIB: 2 ** 40 },
};

/** The limit that the environment asks for. */
function initialLimit(text: string | undefined): number {
  if (text === undefined || text === '') return defaultLimit();
  if (text === 'none') return Number.POSITIVE_INFINITY;
  const [, digits, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*)\s*$/.exec(text) ?? [];
  const bytes = Number(digits) * units[unit.toUpperCase()];
  if (!(bytes > 0)) {
    throw new ValueError(
      `ADJOINT_MEMORY_LIMIT: must be a size such as 2GB, 512MiB or 1500000000, or none; got '${text}'`,
    );
  }
  return bytes;
}

let limit = initialLimit(process.env['ADJOINT_MEMORY_LIMIT']);
/** What may still be allocated before the count has to be looked at. */
let allowance = 0;

/**
 * Limits the bytes of this thread's array buffers. An allocation that would exceed the limit throws a MemoryError and
 * changes nothing; what nobody refers to any more does not count, since it is freed before. Also: `ADJOINT_MEMORY_LIMIT`,
 * such as `2GB`, `512MiB` or `none`.
 *
 * Default: nine tenths of what the container or the machine has, less where that leaves under 256 MB for the rest of the
 * process. Each thread has a limit of its own; a job that shares a machine with workers or other programs should set it.
 *
 * @param bytes  > 0; null for no limit
 * @throws ValueError "setMemoryLimit: bytes must be a number > 0, or null for no limit; got -1"
 */
export function setMemoryLimit(bytes: number | null): void {
  if (bytes !== null && !(bytes > 0)) {
    throw new ValueError(`setMemoryLimit: bytes must be a number > 0, or null for no limit; got ${String(bytes)}`);
  }
  limit = bytes ?? Number.POSITIVE_INFINITY;
  allowance = 0;
}

/**
 * Counts bytes that are about to be allocated.
 *
 * @throws MemoryError "matmul: memory must stay within the limit of 2 GB; got a float32 result of shape [4096, 100000]
 *                      (1.64 GB) beside 0.9 GB in use, at /app/train.ts:12:5; use a smaller batch, or raise the
 *                      limit (setMemoryLimit)"
 */
export function reserve(bytes: number, dtype: DType, shape: Shape): void {
  allowance -= bytes;
  if (allowance < 0) look(bytes, dtype, shape);
}

function look(bytes: number, dtype: DType, shape: Shape): void {
  allowance = limit - process.memoryUsage().arrayBuffers - bytes;
  if (allowance >= 0) return;
  collect();
  const inUse = process.memoryUsage().arrayBuffers;
  allowance = limit - inUse - bytes;
  if (allowance >= 0) return;
  allowance = 0;
  const { op, line } = origin();
  throw new MemoryError(
    `${op}: memory must stay within the limit of ${size(limit)}; got a ${describe(bytes, dtype, shape)} beside ${size(inUse)} in use, ` +
      `at ${line}; use a smaller batch, or raise the limit (setMemoryLimit)`,
  );
}

/** What to throw where the system has no memory. */
export function refused(bytes: number, dtype: DType, shape: Shape, cause: unknown): MemoryError {
  const { op, line } = origin();
  const inUse = process.memoryUsage().arrayBuffers;
  return new MemoryError(
    `${op}: the system must have memory for a result; got a ${describe(bytes, dtype, shape)} beside ${size(inUse)} in use, ` +
      `at ${line}; use a smaller batch`,
    { cause },
  );
}

const describe = (bytes: number, dtype: DType, shape: Shape): string =>
  `${dtype} result of shape ${show(shape)} (${size(bytes)})`;

/** `1.64 GB`: three digits. */
export function size(bytes: number): string {
  const [unit, factor] =
    bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : bytes >= 1e3 ? ['kB', 1e3] : ['B', 1];
  return `${Number((bytes / factor).toPrecision(3))} ${unit}`;
}
