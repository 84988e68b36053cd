import { constants } from 'node:buffer';
import { arrayOf, bytesPerElement, type DType, type TypedArray } from './dtype.js';
import { StateError } from './errors.js';
import { refused, reserve } from './memory.js';
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
  /** Counts writes in place, so that backward can refuse a saved tensor that was overwritten since. */
  version = 0;
  /** `op` and line that wrote last; kept only for the error that names it. */
  writer: string | undefined;
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

/** Refuses memory that is gone: a buffer that was transferred to a worker leaves arrays of length 0 behind. */
export function checkAttached(op: string, { storage, shape }: { storage: Storage; shape: Shape }): void {
  if (storage.data.length === 0 && sizeOf(shape) > 0) {
    throw new StateError(
      `${op}: the memory of a tensor of shape ${show(shape)} is gone; its buffer was transferred; send a copy, data(), instead`,
    );
  }
}

/** Start of a cache line: SIMD loads that cross one cost twice. */
const alignment = 64;
const slabBytes = 4096;
/** Up to here an array is cut from a slab: 27 ns instead of a buffer's 300 to 900. */
const smallBytes = 1024;

let slab: ArrayBuffer = new ArrayBuffer(0);
let slabAddress = 0;
let used = 0;

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

/** Bytes from an address to the next start of a cache line. */
const padding = (address: number): number => -address & (alignment - 1);

/**
 * Uninitialised memory of `size` elements for a result that will be written whole.
 *
 * @param shape  of the result, for the error
 */
export function allocate(dtype: DType, size: number, shape: Shape = [size]): Storage {
  const bytes = size * bytesPerElement[dtype];
  if (bytes > smallBytes) {
    const { data, address } = allocateAlone(dtype, size, shape);
    return new Storage(data, address);
  }
  if (used + bytes > slab.byteLength) {
    reserve(slabBytes + alignment, dtype, shape);
    slab = new ArrayBuffer(slabBytes + alignment);
    slabAddress = addressOf(slab);
    used = padding(slabAddress);
  }
  const storage = new Storage(new arrayOf[dtype](slab, used, size), slabAddress === 0 ? 0 : slabAddress + used);
  used += (bytes + alignment - 1) & -alignment;
  return storage;
}

/** An array never from a slab: for what is kept, so that a few bytes do not pin a slab of temporaries. */
export function allocateKept(dtype: DType, size: number, shape: Shape = [size]): TypedArray {
  const bytes = size * bytesPerElement[dtype];
  if (bytes > smallBytes) return allocateAlone(dtype, size, shape).data;
  reserve(bytes, dtype, shape);
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
function allocateAlone(dtype: DType, size: number, shape: Shape): { data: TypedArray; address: number } {
  const buffer = allocateBuffer(size * bytesPerElement[dtype] + alignment, dtype, shape);
  const start = addressOf(buffer);
  const skipped = padding(start);
  return { data: new arrayOf[dtype](buffer, skipped, size), address: start === 0 ? 0 : start + skipped };
}

function allocateBuffer(bytes: number, dtype: DType, shape: Shape): ArrayBuffer {
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
