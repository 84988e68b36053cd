import { constants } from 'node:buffer';
import { arrayOf, bytesPerElement, type RealDType, type TypedArray } from './dtype.js';
import { StateError } from './errors.js';
import { refused, reserve } from './memory.js';
import { reuse } from './recycling.js';
import { show, sizeOf } from './shape.js';
import type { Shape } from './types.js';

/**
 * The memory behind a tensor and all of its views. JavaScript's collector frees it like any typed array, also in a loop
 * that never yields; a finaliser of native memory would not run there.
 */
export class Storage {
  static #count = 0;
  /** How many storages came before; tells whether one is older than the step that is being captured. */
  readonly id = Storage.#count++;
  /** The id of the next one. */
  static get count(): number {
    return Storage.#count;
  }
  /** Counts writes in place, so that backward can refuse a saved tensor that was overwritten since. */
  version = 0;
  /** `op` and line that wrote last; kept only for the error that names it. */
  writer: string | undefined;
  /** Whether the memory may be another result's once the library lets go of it: nobody else was ever given it; see recycling.ts. */
  recyclable = false;
  /** How often nodes of the tape, or their closures, hold it. */
  savers = 0;
  /** How many gradients that lie in it are on their way through a pass of backward. */
  gradients = 0;
  /** Whether nobody else does. */
  leftToTape = false;
  /** Tells this one from the others in a snapshot of the heap; see leaks.ts. */
  mark: string | undefined;

  /** @param address  where the data lies, for native code; 0 until it asks */
  constructor(
    readonly data: TypedArray,
    public address = 0,
  ) {
    if (watcher !== null) watcher(this);
  }
}

let watcher: ((storage: Storage) => void) | null = null;
/** Shows every storage that is made to `watch`; null ends it. */
export function watchStorages(watch: ((storage: Storage) => void) | null): void {
  watcher = watch;
}

/** What tensors have in place of memory that was never taken; see `withoutMemory`. */
const absent = new Map<RealDType, TypedArray>();
let isAbsent = false;

/** Has `allocate` take no memory, or take it again; returns whether it took none before. */
export function takeNoMemory(wanted: boolean): boolean {
  const before = isAbsent;
  isAbsent = wanted;
  return before;
}

function absentStorage(dtype: RealDType): Storage {
  const data = absent.get(dtype) ?? new arrayOf[dtype](0);
  absent.set(dtype, data);
  return new Storage(data);
}

/**
 * Refuses memory that is not there: a buffer that was transferred to a worker leaves arrays of length 0 behind, and
 * `withoutMemory` takes none.
 */
export function checkAttached(op: string, { storage, shape }: { storage: Storage; shape: Shape }): void {
  if (storage.data.length === 0 && sizeOf(shape) > 0) {
    if ([...absent.values()].includes(storage.data)) {
      throw new StateError(
        `${op}: a tensor of shape ${show(shape)} was made withoutMemory and has no values; make it again outside`,
      );
    }
    throw new StateError(
      `${op}: the memory of a tensor of shape ${show(shape)} is gone; its buffer was transferred; send a copy, data(), instead`,
    );
  }
}

/** Start of a cache line: SIMD loads that cross one cost twice. */
const alignment = 64;
/**
 * Start of a page. A load waits for an earlier store that has its address but for whole pages, so where one array lies a
 * line behind another a pass over both took up to four times as long: arrays that leave the first-level cache begin alike.
 */
const pageBytes = 4096;
const largeBytes = 1 << 16;
/** What an array of so many bytes should begin at a multiple of. */
export const boundaryOf = (bytes: number): number => (bytes < largeBytes ? alignment : pageBytes);
const slabBytes = 4096;
/** Up to here an array is cut from a slab: 27 ns instead of a buffer's 300 to 900. */
const smallBytes = 1024;

/** Where memory lies, which it does not leave. Only native code sees addresses; it replaces this. */
let addressOf = (_memory: ArrayBuffer | TypedArray): number => 0;
export function setLocator(locator: typeof addressOf): void {
  addressOf = locator;
}

/** Finds out where a storage's data lies. */
export function locate(storage: Storage): number {
  storage.address = addressOf(storage.data);
  return storage.address;
}

/** Bytes from an address to the next start of a cache line, or of a page. */
const padding = (address: number, boundary = alignment): number => -address & (boundary - 1);

/** A buffer that small arrays share: none of its memory is free before all of them are gone. */
class Slab {
  #buffer: ArrayBuffer = new ArrayBuffer(0);
  #address = 0;
  #used = 0;

  cut(dtype: RealDType, size: number, shape: Shape): Storage {
    const bytes = size * bytesPerElement[dtype];
    if (this.#used + bytes > this.#buffer.byteLength) {
      reserve(slabBytes + alignment, dtype, shape);
      this.#buffer = new ArrayBuffer(slabBytes + alignment);
      this.#address = addressOf(this.#buffer);
      this.#used = padding(this.#address);
    }
    const start = this.#used;
    this.#used += (bytes + alignment - 1) & -alignment;
    return new Storage(new arrayOf[dtype](this.#buffer, start, size), this.#address && this.#address + start);
  }
}

const results = new Slab();
const gradients = new Slab();

const isSmall = (dtype: RealDType, size: number): boolean => size * bytesPerElement[dtype] <= smallBytes;

/**
 * Uninitialised memory of `size` elements for a result that will be written whole.
 *
 * @param shape  of the result, for the error
 */
export function allocate(dtype: RealDType, size: number, shape: Shape = [size]): Storage {
  if (isAbsent) return absentStorage(dtype);
  if (isSmall(dtype, size)) return results.cut(dtype, size, shape);
  const { data, address } = reuse(size * bytesPerElement[dtype]) ?? allocateAlone(dtype, size, shape);
  const own =
    data instanceof arrayOf[dtype] ? data : new arrayOf[dtype](data.buffer as ArrayBuffer, data.byteOffset, size);
  const storage = new Storage(own, address);
  storage.recyclable = true;
  notes?.push(storage);
  return storage;
}

let notes: Storage[] | null = null;
/** Notes what `allocate` gives that could be used again, in `to`, or no longer; returns where it was noted before. */
export function note(to: Storage[] | null): Storage[] | null {
  const before = notes;
  notes = to;
  return before;
}

/**
 * Memory for a leaf's gradient, which outlives its step: if small, beside gradients alone, lest it pin a slab of the step's
 * temporaries; null if it is large, since then it shares with nobody anyhow.
 */
export const allocateGradient = (dtype: RealDType, size: number, shape: Shape): Storage | null =>
  isSmall(dtype, size) ? gradients.cut(dtype, size, shape) : null;

/** An array never from a slab: for what is kept, so that a few bytes do not pin a slab of temporaries. */
export function allocateKept(dtype: RealDType, size: number, shape: Shape = [size]): TypedArray {
  if (!isSmall(dtype, size)) return allocateAlone(dtype, size, shape).data;
  reserve(size * bytesPerElement[dtype], dtype, shape);
  return new arrayOf[dtype](size);
}

/**
 * Zeroed memory for tensors that several threads see. `start` is its first aligned byte: memory has one address in all of
 * them. A SharedArrayBuffer goes to a worker by message, and lives until the last thread has let go of it.
 */
export function allocateShared(bytes: number): { buffer: SharedArrayBuffer; start: number } {
  reserve(bytes, 'uint8', [bytes]);
  try {
    const buffer = new SharedArrayBuffer(bytes + alignment);
    return { buffer, start: padding(addressOf(new Uint8Array(buffer))) };
  } catch (cause) {
    throw refused(bytes, 'uint8', [bytes], cause);
  }
}

/** An aligned array in a buffer of its own, and where it lies. */
function allocateAlone(dtype: RealDType, size: number, shape: Shape): { data: TypedArray; address: number } {
  const bytes = size * bytesPerElement[dtype];
  const boundary = boundaryOf(bytes);
  const buffer = allocateBuffer(bytes + boundary, dtype, shape);
  const address = addressOf(buffer);
  const start = padding(address, boundary);
  return { data: new arrayOf[dtype](buffer, start, size), address: address && address + start };
}

function allocateBuffer(bytes: number, dtype: RealDType, shape: Shape): ArrayBuffer {
  reserve(bytes, dtype, shape);
  try {
    // Zeroing costs as much as a pass over the result, so take Node's uninitialised memory where a Buffer can be as large.
    return bytes <= constants.MAX_LENGTH
      ? (Buffer.allocUnsafeSlow(bytes).buffer as ArrayBuffer)
      : new ArrayBuffer(bytes);
  } catch (cause) {
    throw refused(bytes, dtype, shape, cause);
  }
}
