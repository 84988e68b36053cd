import type { RealDType, TypedArray } from '../core/dtype.js';
import { sizeOf } from '../core/shape.js';
import { allocateKept } from '../core/storage.js';
import type { ArrayData } from './array_data.js';

/** An element type of files: how it is stored and what it is held as. */
export interface FileType {
  readonly bytes: number;
  readonly dtype: RealDType;
  /** For types we lack: copies `bytes` to `out`; returns the index of a value that does not fit, or −1. */
  readonly widen?: (bytes: Uint8Array, out: TypedArray) => number;
  /** For types we have: the index of an element that is not allowed, or −1. */
  readonly misfit?: (bytes: Uint8Array) => number;
  /** What a misfit breaks. */
  readonly rule?: string;
}

/** Memory for an array as a file has it. */
export interface RawArray {
  /** To be filled with the file's bytes. */
  readonly bytes: Uint8Array;
  /** Checks or widens what was filled in; `fail` makes the error of a value that does not fit. */
  readonly finish: (fail: (text: string) => Error) => ArrayData;
}

/** Fresh memory for an array of a file, little-endian as is every machine with a prebuilt binary. */
export function rawArray(type: FileType, shape: readonly number[], { bigEndian = false } = {}): RawArray {
  const size = sizeOf(shape);
  // An array of an own type needs no second copy.
  const own = allocateKept(
    type.widen === undefined ? type.dtype : 'uint8',
    type.widen === undefined ? size : size * type.bytes,
  );
  const bytes = new Uint8Array(own.buffer, own.byteOffset, own.byteLength);
  const finish = (fail: (text: string) => Error) => {
    if (bigEndian) swap(bytes, type.bytes);
    const data = type.widen === undefined ? own : allocateKept(type.dtype, size);
    const misfit = type.widen === undefined ? (type.misfit?.(bytes) ?? -1) : type.widen(bytes, data);
    if (misfit >= 0) throw fail(`${type.rule}; element ${misfit} is not`);
    return { dtype: type.dtype, shape, data } as ArrayData;
  };
  return { bytes, finish };
}

/** Turns the bytes of each element round, in place. */
function swap(bytes: Uint8Array, width: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (width === 2) buffer.swap16();
  else if (width === 4) buffer.swap32();
  else if (width === 8) buffer.swap64();
}

const fits = 'held as int32, so each value must fit';

/** By the names that safetensors gives them. */
export const fileTypes = {
  BOOL: {
    bytes: 1,
    dtype: 'bool',
    misfit: (bytes) => bytes.findIndex((byte) => byte > 1),
    rule: 'a bool must be 0 or 1',
  },
  U8: { bytes: 1, dtype: 'uint8' },
  I32: { bytes: 4, dtype: 'int32' },
  BF16: { bytes: 2, dtype: 'bfloat16' },
  F32: { bytes: 4, dtype: 'float32' },
  F64: { bytes: 8, dtype: 'float64' },
  I8: {
    bytes: 1,
    dtype: 'int32',
    widen: (bytes, out) => copy(new Int8Array(bytes.buffer, bytes.byteOffset, out.length), out),
  },
  I16: {
    bytes: 2,
    dtype: 'int32',
    widen: (bytes, out) => copy(new Int16Array(bytes.buffer, bytes.byteOffset, out.length), out),
  },
  U16: {
    bytes: 2,
    dtype: 'int32',
    widen: (bytes, out) => copy(new Uint16Array(bytes.buffer, bytes.byteOffset, out.length), out),
  },
  U32: {
    bytes: 4,
    dtype: 'int32',
    widen: (bytes, out) => narrow(bytes, out, 1, (low) => (low < 0 ? -1 : 0)),
    rule: fits,
  },
  I64: {
    bytes: 8,
    dtype: 'int32',
    widen: (bytes, out) => narrow(bytes, out, 2, (low, high) => high ^ (low >> 31)),
    rule: fits,
  },
  U64: {
    bytes: 8,
    dtype: 'int32',
    widen: (bytes, out) => narrow(bytes, out, 2, (low, high) => high | (low >> 31)),
    rule: fits,
  },
  F16: { bytes: 2, dtype: 'float32', widen: widenFloat16 },
} satisfies Record<string, FileType> as Record<string, FileType>;

function copy(from: ArrayLike<number>, out: TypedArray): number {
  out.set(from);
  return -1;
}

/** Takes the low word of each value; `overflow` is 0 where that is the whole value. */
function narrow(
  bytes: Uint8Array,
  out: TypedArray,
  words: number,
  overflow: (low: number, high: number) => number,
): number {
  const from = new Int32Array(bytes.buffer, bytes.byteOffset, out.length * words);
  for (let i = 0; i < out.length; i++) {
    const low = from[i * words];
    if (overflow(low, from[i * words + words - 1]) !== 0) return i;
    out[i] = low;
  }
  return -1;
}

/** IEEE 754 half precision: sign, 5 bits of exponent, 10 of fraction. */
function widenFloat16(bytes: Uint8Array, out: TypedArray): number {
  const from = new Uint16Array(bytes.buffer, bytes.byteOffset, out.length);
  for (let i = 0; i < out.length; i++) {
    const exponent = (from[i] >> 10) & 31;
    const fraction = from[i] & 1023;
    const sign = from[i] >> 15 === 0 ? 1 : -1;
    if (exponent === 31) out[i] = fraction === 0 ? sign * Infinity : NaN;
    else if (exponent === 0) out[i] = sign * fraction * 2 ** -24;
    else out[i] = sign * (1024 + fraction) * 2 ** (exponent - 25);
  }
  return -1;
}
