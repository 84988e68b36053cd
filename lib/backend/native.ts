import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkReal, dtypeCode } from '../core/dtype.js';
import { setWorkingSpace } from '../core/memory.js';
import { checkAttached, locate, setLocator } from '../core/storage.js';
import type { Backend, View } from './backend.js';
import { type NativeProgram, nativeReplay } from './native_replay.js';

/** A line of `native/elementwise.inc`. */
export interface ElementwiseFunction {
  readonly name: string;
  /** How many operands of one dtype it has; 0 if they have several. */
  readonly sources: number;
  /** The name of their dtypes there. */
  readonly types: string;
}

/** What the addon exports; `native/binding/addon.cc` has the other side. */
export interface Addon {
  /** Kernel names; a kernel's index is its number in `run`. */
  readonly kernels: readonly string[];
  /** Elementwise functions; a function's index is its code in `chain`, `matmul` and `conv2d`. */
  readonly elementwise: readonly ElementwiseFunction[];
  /** The array through which `run` gets a call. */
  readonly record: Float64Array;
  /** Instruction sets that this machine runs, slowest first; the last is in use. */
  readonly isas: readonly string[];
  /** Runs the call in `record`; leaves what the kernel found in `record[0]`: a position, or −1. */
  run(): void;
  /** Makes a program of a stream of calls, and of the array that says before each run what changes; see program.h. */
  compile(stream: Float64Array, changes: Float64Array): NativeProgram;
  /**
   * Runs, with an array for the times of the calls if they are wanted; returns −1, or the index of the call whose check
   * failed, its position in `record[0]`.
   */
  replay(program: NativeProgram, times?: Float64Array): number;
  /** The same on a thread of libuv's pool; resolves to [call, position]. */
  replayAsync(program: NativeProgram, times?: Float64Array): Promise<[call: number, position: number]>;
  /** Where memory lies; from here on it stays there. */
  addressOf(memory: ArrayBuffer | ArrayBufferView): number;
  /** Bytes that kernels keep from call to call. */
  workingSpace(): number;
  /** False if this machine cannot run it. */
  setIsa(name: string): boolean;
  /** CPUs' worth of time that control groups grant, 0 for no limit; /proc and /sys are looked for in `root`. */
  cpuQuota(root: string): number;
  threads(): number;
  setThreads(count: number): void;
}

/** N-API versions below this one lack what the binary was built against; opening it would crash. */
const requiredNapi = 8;

/** Loads the addon, or throws an error that says in plain words why it cannot be loaded here. */
export function loadAddon(): Addon {
  const napi = Number(process.versions['napi'] ?? 0);
  if (napi < requiredNapi) throw new Error(`Node-API ${requiredNapi} is needed; this Node has ${napi}`);
  const require = createRequire(import.meta.url);
  // lib/backend/ in the sources, dist/backend/ in the package: either way the root is two up.
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  try {
    return (require('node-gyp-build') as (root: string) => Addon)(root);
  } catch (cause) {
    throw new Error(explain(cause instanceof Error ? cause.message : String(cause)), { cause });
  }
}

/** What node-gyp-build, Node and the system's linker say, and what it means. */
const explanations: [RegExp, (...groups: string[]) => string][] = [
  [
    /No native build was found for platform=(\S+) arch=(\S+).* libc=(\S+)/,
    (platform, arch, libc) => `there is no binary for ${platform}-${arch}${libc === 'musl' ? ' with musl' : ''}`,
  ],
  [/Cannot find module 'node-gyp-build'/, () => "the package 'node-gyp-build' is not installed"],
  [/version `GLIBC_([\d.]+)' not found/, (version) => `its binary needs glibc ${version}, and this system's is older`],
  [/undefined symbol: (\S+)/, (symbol) => `this Node lacks ${symbol}, which its binary uses`],
  [/([^\s/]+): cannot open shared object file/, (file) => `${file} is missing`],
  [/failed to map segment/, () => 'the file system that holds its binary does not allow programs to run (noexec)'],
  [/([^\s/']+\.node)'?[:.].*/, (file) => `${file} is damaged or was made for another system`],
];

function explain(message: string): string {
  for (const [pattern, says] of explanations) {
    const match = pattern.exec(message);
    if (match !== null) return says(...match.slice(1));
  }
  return message.split('\n')[0];
}

/**
 * Kernels in C++. A call is written into one array that both sides know: the kernel, how many views and numbers, then
 * `[address, bytes, rank, dtype, offset, shape…, strides…]` a view, then the numbers. An element costs 1 ns to hand over;
 * asking Node-API where a typed array lies, 45.
 */
export function nativeBackend(addon: Addon): Backend {
  const ids = new Map(addon.kernels.map((name, id) => [name, id]));
  const functions = new Map(addon.elementwise.map(({ name, sources }, code) => [name, { code, sources }]));
  const { record, run } = addon;
  setLocator(addon.addressOf);
  setWorkingSpace(addon.workingSpace);

  return {
    name: 'native',
    has: (kernel) => ids.has(kernel),
    functions,
    run(kernel: string, views: readonly View[], numbers: readonly number[]): number {
      let at = 0;
      record[at++] = ids.get(kernel) as number;
      record[at++] = views.length;
      record[at++] = numbers.length;
      for (let v = 0; v < views.length; v++) {
        const { storage, shape, strides, dtype, offset } = views[v];
        record[at++] = storage.address || locate(storage);
        record[at++] = storage.data.byteLength; // 0 where the buffer was transferred
        record[at++] = shape.length;
        const code = dtypeCode[dtype];
        if (code === undefined) checkReal(kernel, dtype);
        record[at++] = code;
        record[at++] = offset;
        for (let i = 0; i < shape.length; i++) record[at++] = shape[i];
        for (let i = 0; i < shape.length; i++) record[at++] = strides[i];
      }
      for (let i = 0; i < numbers.length; i++) record[at++] = numbers[i];
      try {
        run();
      } catch (error) {
        for (const view of views) checkAttached(kernel, view);
        throw error;
      }
      return record[0];
    },
    prepare: (program) => nativeReplay(addon, ids, program),
  };
}
