import { checkInstance, checkObject } from '../core/check.js';
import { arrayOf, type RealDType, type TypedArray } from '../core/dtype.js';
import { DTypeError, FormatError, ShapeError } from '../core/errors.js';
import { checkShape, contiguousStrides, show, sizeOf } from '../core/shape.js';
import { allocateKept } from '../core/storage.js';
import type { ArrayData } from './array_data.js';
import { ArrayFile } from './array_file.js';
import { writeFileAtomic } from './atomic.js';
import { type RawArray, rawArray } from './file_types.js';
import { type NpyHeader, npyHeadBytes, npyHeader } from './npy_header.js';
import { FileSource } from './source.js';

/** How the writer names our types; NumPy has no bfloat16. */
const descrOf: Partial<Record<RealDType, string>> = {
  bool: '|b1',
  uint8: '|u1',
  int32: '<i4',
  float32: '<f4',
  float64: '<f8',
};

/**
 * Reads an array that NumPy saved: a .npy file of version 1, 2 or 3, little- or big-endian, in C or Fortran order. int8,
 * int16 and uint16 are held as int32, so are uint32, int64 and uint64 where every value fits; float16 is held as float32.
 *
 *     const x = tensorOf(await readNpy('x.npy'));
 *
 * @throws FormatError  for everything that the format does not allow, and for complex numbers, texts, records and
 *   pickled objects; sizes are checked before memory is taken
 * @source NumPy, numpy.lib.format
 */
export async function readNpy(path: string): Promise<ArrayData> {
  return FileSource.with('readNpy', path, async (file) => {
    const header = npyHeader(await file.head(npyHeadBytes), file.size, path);
    const raw = rawArray(header.type, storedShape(header), header);
    await file.read(raw.bytes, header.start);
    return finish(header, raw, path);
  });
}

/** As `readNpy`, from memory; `name` is what errors call it. */
export function decodeNpy(bytes: Uint8Array, name = 'bytes'): ArrayData {
  checkInstance('decodeNpy', 'bytes', bytes, Uint8Array);
  const header = npyHeader(bytes, bytes.length, name);
  const raw = rawArray(header.type, storedShape(header), header);
  raw.bytes.set(bytes.subarray(header.start));
  return finish(header, raw, name);
}

/**
 * A .npy file to be read by rows: memory for the rows, not for the file.
 *
 * @throws FormatError as `readNpy`; and for Fortran order, whose rows are strewn over the file
 */
export async function openNpy(path: string): Promise<ArrayFile> {
  return FileSource.with('openNpy', path, async (file) => {
    const header = npyHeader(await file.head(npyHeadBytes), file.size, path);
    if (header.fortran && header.shape.length > 1) {
      throw new FormatError(
        `openNpy: ${path} must be in C order to be read by rows; it is in Fortran order; save np.ascontiguousarray(x), or use readNpy`,
      );
    }
    return new ArrayFile(path, header, file.size);
  });
}

/**
 * Writes a .npy file that replaces `path` whole or not at all: version 1.0, little-endian, in C order, which
 * `numpy.load` reads.
 *
 *     await writeNpy('x.npy', arrayDataOf(x));
 *
 * @throws DTypeError for bfloat16, which NumPy does not have
 */
export async function writeNpy(path: string, array: ArrayData): Promise<void> {
  await writeFileAtomic(path, npyPieces('writeNpy', array));
}

/** The bytes that `writeNpy` writes. */
export const encodeNpy = (array: ArrayData): Uint8Array => Buffer.concat(npyPieces('encodeNpy', array));

/** The file in order: header, then a view of the array. */
export function npyPieces(op: string, array: ArrayData): [header: Uint8Array, elements: Uint8Array] {
  checkObject(op, 'the array', array, ['dtype', 'shape', 'data']);
  const { dtype, shape, data } = array;
  const descr = descrOf[dtype];
  if (descr === undefined) {
    throw new DTypeError(
      `${op}: dtype must be one of ${Object.keys(descrOf).join(', ')}; got ${dtype}; convert it to float32 first`,
    );
  }
  checkShape(op, shape);
  if (!(data instanceof arrayOf[dtype]) || data.length !== sizeOf(shape)) {
    const wanted = `${sizeOf(shape)} elements in a ${arrayOf[dtype].name}`;
    throw new ShapeError(
      `${op}: ${dtype} ${show(shape)} needs ${wanted}; got ${data.length} in a ${data.constructor.name}`,
    );
  }
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  // The elements begin at a multiple of 64, and a line break stands before them.
  const header = Buffer.alloc(Math.ceil((11 + text.length) / 64) * 64, ' ');
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  header.writeUInt16LE(header.length - 10, 8);
  header.write(text, 10);
  header[header.length - 1] = 0x0a;
  return [header, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
}

/** The shape as the elements lie in the file, row-major. */
const storedShape = ({ shape, fortran }: NpyHeader): number[] => (fortran ? shape.toReversed() : shape);

function finish({ shape, fortran }: NpyHeader, raw: RawArray, name: string): ArrayData {
  const array = raw.finish((text) => new FormatError(`npy: ${name}: ${text}`));
  if (!fortran) return array;
  return { dtype: array.dtype, shape, data: rowMajor(array.data, array.dtype, shape) } as ArrayData;
}

/** Elements of which the first index runs fastest, put into the order in which the last one does. */
function rowMajor(from: TypedArray, dtype: RealDType, shape: readonly number[]): TypedArray {
  const to = allocateKept(dtype, from.length, shape);
  const strides = contiguousStrides(shape.toReversed()).reverse();
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0, at = 0; i < to.length; i++) {
    to[i] = from[at];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++index[axis] < shape[axis]) break;
      at -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return to;
}
