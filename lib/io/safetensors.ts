import { checkInstance } from '../core/check.js';
import { arrayOf, bytesPerElement, type RealDType } from '../core/dtype.js';
import { DTypeError, FormatError, ShapeError, ValueError } from '../core/errors.js';
import { checkShape, show, sizeOf } from '../core/shape.js';
import type { ArrayData } from './array_data.js';
import { ArrayFile } from './array_file.js';
import { writeFileAtomic } from './atomic.js';
import { fileTypes, rawArray } from './file_types.js';
import { type Entry, headerLength, maxHeaderBytes, type ParsedHeader, parseHeader } from './safetensors_header.js';
import { FileSource } from './source.js';

/** What a safetensors file holds: named arrays, and text about them. */
export interface Safetensors {
  readonly tensors: Map<string, ArrayData>;
  readonly metadata: Record<string, string>;
}

/** How the writer names our types. */
const fileTypeOf: Record<RealDType, string> = {
  bool: 'BOOL',
  uint8: 'U8',
  int32: 'I32',
  bfloat16: 'BF16',
  float32: 'F32',
  float64: 'F64',
};

/**
 * Reads a safetensors file. int8, int16, uint16 are held as int32, so are uint32, int64 and uint64 where every value
 * fits; float16 is held as float32. Each tensor is read straight into memory of its own.
 *
 * @throws FormatError  for everything that the format does not allow; sizes are checked before memory is taken
 * @source https://github.com/huggingface/safetensors, README, "Format"
 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  return FileSource.with('readSafetensors', path, async (file) => {
    const { entries, metadata, start } = await readHeader(file);
    const tensors = new Map<string, ArrayData>();
    for (const entry of entries) {
      const raw = rawArray(entry.type, entry.shape);
      await file.read(raw.bytes, start + entry.begin);
      tensors.set(entry.name, raw.finish(misfitOf(path, entry)));
    }
    return { tensors, metadata };
  });
}

/**
 * The tensors of a safetensors file by name, to be read by rows: memory for the rows, not for the file. Scalars, which
 * have no rows, are left out.
 *
 * @throws FormatError as `readSafetensors`
 */
export async function openSafetensors(path: string): Promise<Map<string, ArrayFile>> {
  return FileSource.with('openSafetensors', path, async (file) => {
    const { entries, start } = await readHeader(file);
    const withRows = entries.filter(({ shape }) => shape.length > 0);
    return new Map(
      withRows.map(({ name, type, shape, begin }) => [
        name,
        new ArrayFile(path, { type, shape, start: start + begin }, file.size),
      ]),
    );
  });
}

async function readHeader(file: FileSource): Promise<ParsedHeader> {
  const prefix = await file.head(8);
  const header = new Uint8Array(headerLength(prefix, file.size, file.path));
  await file.read(header, 8);
  return parseHeader(header, file.size, file.path);
}

/** As `readSafetensors`, from memory; `name` is what errors call it. */
export function decodeSafetensors(bytes: Uint8Array, name = 'bytes'): Safetensors {
  checkInstance('decodeSafetensors', 'bytes', bytes, Uint8Array);
  const header = bytes.subarray(8, 8 + headerLength(bytes.subarray(0, 8), bytes.length, name));
  const { entries, metadata, start }: ParsedHeader = parseHeader(header, bytes.length, name);
  const tensors = new Map<string, ArrayData>();
  for (const entry of entries) {
    const raw = rawArray(entry.type, entry.shape);
    raw.bytes.set(bytes.subarray(start + entry.begin, start + entry.end));
    tensors.set(entry.name, raw.finish(misfitOf(name, entry)));
  }
  return { tensors, metadata };
}

/** The error of a value that an entry's type does not have. */
const misfitOf =
  (file: string, { name }: Entry) =>
  (text: string): FormatError =>
    new FormatError(`safetensors: ${file}: ${JSON.stringify(name)}: ${text}`);

/** Writes a safetensors file that replaces `path` whole or not at all; the arrays must not change meanwhile. */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, ArrayData>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomic(path, pieces('writeSafetensors', tensors, metadata));
}

/** The bytes that `writeSafetensors` writes. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, ArrayData>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return Buffer.concat(pieces('encodeSafetensors', tensors, metadata));
}

/** The file in order: header, then views of the arrays. Wide elements come first, so every tensor lies aligned. */
function pieces(
  op: string,
  tensors: ReadonlyMap<string, ArrayData>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array[] {
  checkInstance(op, 'tensors', tensors, Map);
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') {
      throw new ValueError(
        `${op}: metadata must be text; ${JSON.stringify(key)} is ${typeof value}; use JSON.stringify`,
      );
    }
  }
  for (const [name, tensor] of tensors) checkTensor(op, name, tensor);
  const ordered = [...tensors].sort(([, a], [, b]) => bytesPerElement[b.dtype] - bytesPerElement[a.dtype]);
  // Written by hand, since an object would move names like "0" to the front.
  const fields = Object.keys(metadata).length === 0 ? [] : [`"__metadata__":${JSON.stringify(metadata)}`];
  let offset = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    const end = offset + data.byteLength;
    const info = { dtype: fileTypeOf[dtype], shape, data_offsets: [offset, end] };
    offset = end;
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(info)}`);
  }
  const text = Buffer.from(`{${fields.join(',')}}`);
  const length = Math.ceil(text.length / 8) * 8;
  if (length > maxHeaderBytes) {
    throw new ValueError(
      `${op}: the header must not exceed ${maxHeaderBytes} bytes; got ${length}; shorten names or metadata`,
    );
  }
  const header = Buffer.alloc(8 + length, ' ');
  header.writeBigUInt64LE(BigInt(length));
  text.copy(header, 8);
  return [header, ...ordered.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
}

/** What the reader would refuse is not written. */
function checkTensor(op: string, name: string, { dtype, shape, data }: ArrayData): void {
  const quoted = JSON.stringify(name);
  if (name === '__metadata__')
    throw new ValueError(`${op}: a tensor must not be called "__metadata__"; choose another name`);
  if (!(dtype in fileTypeOf) || !(data instanceof arrayOf[dtype])) {
    throw new DTypeError(`${op}: ${quoted}: data of dtype ${dtype} does not lie in a ${data?.constructor.name}`);
  }
  checkShape(op, shape);
  if (data.length !== sizeOf(shape)) {
    throw new ShapeError(
      `${op}: ${quoted}: shape ${show(shape)} has ${sizeOf(shape)} elements; data has ${data.length}`,
    );
  }
  const misfit = dtype === 'bool' ? (fileTypes.BOOL.misfit?.(data) ?? -1) : -1;
  if (misfit >= 0) {
    throw new ValueError(`${op}: ${quoted}: a bool is 0 or 1; element ${misfit} is ${data[misfit]}`);
  }
}
