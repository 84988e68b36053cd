import { checkInstance } from '../core/check.js';
import { arrayOf, bytesPerElement, type RealDType, type TypedArray } from '../core/dtype.js';
import { DTypeError, FormatError, ShapeError, ValueError } from '../core/errors.js';
import { checkShape, maxRank, show, sizeOf } from '../core/shape.js';
import { allocateKept } from '../core/storage.js';
import type { ArrayData } from './array_data.js';
import { ArrayFile } from './array_file.js';
import { type FileType, fileTypes, rawArray } from './file_types.js';
import { inflate, isGzip, maxDeflateRatio } from './gzip.js';
import { FileSource } from './source.js';

/**
 * IDX, the format of MNIST: two zero bytes, the element type, the number of axes, each dimension as a big-endian uint32,
 * then the elements in row-major order, big-endian.
 *
 * Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", section "File formats".
 */
interface ElementType {
  readonly code: number;
  readonly name: string;
  readonly stored: FileType;
}

const elementTypes: readonly ElementType[] = [
  { code: 0x08, name: 'uint8', stored: fileTypes['U8'] },
  { code: 0x09, name: 'int8', stored: fileTypes['I8'] },
  { code: 0x0b, name: 'int16', stored: fileTypes['I16'] },
  { code: 0x0c, name: 'int32', stored: fileTypes['I32'] },
  { code: 0x0d, name: 'float32', stored: fileTypes['F32'] },
  { code: 0x0e, name: 'float64', stored: fileTypes['F64'] },
];

interface Header {
  readonly type: ElementType;
  readonly shape: number[];
  /** Where the elements begin. */
  readonly start: number;
  /** Size of the whole file. */
  readonly total: number;
}

/** Reads an IDX file, plain or gzip (told apart by content). int8 and int16 are held as int32. */
export async function readIdx(path: string): Promise<ArrayData> {
  return FileSource.with('readIdx', path, async (file) => {
    const bytes = allocateKept('uint8', file.size) as Uint8Array;
    await file.read(bytes, 0);
    return decodeIdx(bytes, path);
  });
}

/** As `readIdx`, from memory; `name` is what errors call it. */
export function decodeIdx(bytes: Uint8Array, name = 'bytes'): ArrayData {
  checkInstance('decodeIdx', 'bytes', bytes, Uint8Array);
  const plain = isGzip(bytes) ? unpack(bytes, name) : bytes;
  const header = parseHeader(plain, name);
  checkTotal(header, plain.length, name);
  const { type, shape, start } = header;
  const raw = rawArray(type.stored, shape, { bigEndian: true });
  raw.bytes.set(plain.subarray(start));
  return raw.finish((text) => new FormatError(`idx: ${name}: ${text}`));
}

/**
 * An IDX file to be read by rows: memory for the rows, not for the file.
 *
 * @throws FormatError as `readIdx`; and for gzip, which has no rows to go to: unpack it first
 */
export async function openIdx(path: string): Promise<ArrayFile> {
  return FileSource.with('openIdx', path, async (file) => {
    const head = await file.head(4 + 4 * maxRank);
    if (isGzip(head)) {
      throw new FormatError(`openIdx: ${path} must not be gzip, which is only read whole; unpack it, or use readIdx`);
    }
    const header = parseHeader(head, path);
    checkTotal(header, file.size, path);
    return new ArrayFile(path, { ...header, type: header.type.stored, bigEndian: true }, file.size);
  });
}

/** The bytes of an IDX file that holds `data`, row-major. */
export function encodeIdx(dtype: RealDType, shape: readonly number[], data: TypedArray): Uint8Array {
  const type = elementTypes.find(({ name }) => name === dtype);
  if (type === undefined) {
    throw new DTypeError(`encodeIdx: dtype must be uint8, int32, float32 or float64; got ${dtype}; convert it first`);
  }
  checkShape('encodeIdx', shape);
  if (shape.length === 0)
    throw new ShapeError('encodeIdx: shape must have 1 axis or more; got []; use [1] for a scalar');
  if (shape.some((dimension) => dimension >= 2 ** 32)) {
    throw new ValueError(`encodeIdx: a dimension must be below 2^32; got ${show(shape)}`);
  }
  if (!(data instanceof arrayOf[dtype]) || data.length !== sizeOf(shape)) {
    const wanted = `${sizeOf(shape)} elements in a ${arrayOf[dtype].name}`;
    throw new ShapeError(
      `encodeIdx: ${dtype} ${show(shape)} needs ${wanted}; got ${data.length} in a ${data.constructor.name}`,
    );
  }
  const start = 4 + 4 * shape.length;
  const bytes = new Uint8Array(start + data.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint16(2, type.code * 256 + shape.length);
  shape.forEach((dimension, axis) => {
    view.setUint32(4 + 4 * axis, dimension);
  });
  const step = bytesPerElement[dtype];
  for (let i = 0, at = start; i < data.length; i++, at += step) {
    if (dtype === 'uint8') view.setUint8(at, data[i]);
    else if (dtype === 'int32') view.setInt32(at, data[i]);
    else if (dtype === 'float32') view.setFloat32(at, data[i]);
    else view.setFloat64(at, data[i]);
  }
  return bytes;
}

/** Reads what the file says about itself; of `bytes` only the beginning is needed. */
function parseHeader(bytes: Uint8Array, name: string): Header {
  const fail = (text: string) => new FormatError(`idx: ${name}: ${text}`);
  if (bytes.length < 4) throw fail(`an IDX file has 4 bytes or more; got ${bytes.length}`);
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    throw fail(`an IDX file begins with bytes 00 00, gzip with 1f 8b; got ${hex(bytes[0])} ${hex(bytes[1])}`);
  }
  const type = elementTypes.find(({ code }) => code === bytes[2]);
  if (type === undefined) throw fail(`the element type must be 08, 09, 0b, 0c, 0d or 0e; got ${hex(bytes[2])}`);
  const rank = bytes[3];
  if (rank < 1 || rank > maxRank) throw fail(`the number of axes must be within 1 … ${maxRank}; got ${rank}`);
  const start = 4 + 4 * rank;
  if (bytes.length < start)
    throw fail(`the header of ${rank} axes takes ${start} bytes; got ${bytes.length}: it is truncated`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  // At most 2^384, finite in a double; rounding sets in far above the size of any file.
  return { type, shape, start, total: start + type.stored.bytes * sizeOf(shape) };
}

function checkTotal({ type, shape, total }: Header, bytes: number, name: string): void {
  if (bytes === total) return;
  const fault = bytes < total ? 'truncated' : 'followed by other bytes';
  throw new FormatError(
    `idx: ${name}: ${type.name} ${show(shape)} takes ${total} bytes with its header; got ${bytes}: the data is ${fault}`,
  );
}

/** Inflates no more than the header, read from the first piece, accounts for. */
function unpack(bytes: Uint8Array, name: string): Uint8Array {
  const limit = (head: Uint8Array): number => {
    const { type, shape, total } = parseHeader(head, name);
    if (total > bytes.length * maxDeflateRatio) {
      throw new FormatError(
        `idx: ${name}: ${type.name} ${show(shape)} takes ${total} bytes with its header; ` +
          `${bytes.length} bytes of gzip cannot hold that much`,
      );
    }
    return total;
  };
  return inflate(bytes, { limit, fail: (text, cause) => new FormatError(`idx: ${name}: ${text}`, { cause }) });
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
