import { FormatError } from '../core/errors.js';
import { maxRank, show, sizeOf } from '../core/shape.js';
import { type FileType, fileTypes } from './file_types.js';

/*
 * The header of a .npy file: the magic number, a version, a length, then a Python dictionary such as
 * {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }, padded with spaces. Nothing in it is trusted.
 *
 * Source: NumPy, numpy.lib.format, "Format Version 1.0", "2.0" and "3.0".
 */

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Of the dictionary. What names fields, and so grows, is not read; 12 dimensions take a few hundred bytes. */
const maxHeaderBytes = 65536;
/** Of a file, enough for `npyHeader`. */
export const npyHeadBytes = 12 + maxHeaderBytes;

/** By NumPy's letters, which go behind the order of bytes: '<f4', '>i2', '|u1'. */
const types: Readonly<Record<string, FileType>> = {
  b1: fileTypes['BOOL'],
  u1: fileTypes['U8'],
  i1: fileTypes['I8'],
  u2: fileTypes['U16'],
  i2: fileTypes['I16'],
  u4: fileTypes['U32'],
  i4: fileTypes['I32'],
  u8: fileTypes['U64'],
  i8: fileTypes['I64'],
  f2: fileTypes['F16'],
  f4: fileTypes['F32'],
  f8: fileTypes['F64'],
};

export interface NpyHeader {
  /** The type as NumPy writes it, such as '<f4'. */
  readonly descr: string;
  readonly type: FileType;
  readonly bigEndian: boolean;
  /** The first index runs fastest. */
  readonly fortran: boolean;
  readonly shape: number[];
  /** Where the elements begin. */
  readonly start: number;
}

/** Reads what a file of `size` bytes says about itself; of `bytes` only the beginning is needed. */
export function npyHeader(bytes: Uint8Array, size: number, name: string): NpyHeader {
  const fail = (text: string) => new FormatError(`npy: ${name}: ${text}`);
  if (bytes.length < 10) throw fail(`a .npy file has 10 bytes or more; got ${bytes.length}`);
  if (magic.some((byte, i) => bytes[i] !== byte)) throw fail('a .npy file begins with the bytes 93 4e 55 4d 50 59');
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0) {
    throw fail(`the version must be 1.0, 2.0 or 3.0; got ${major}.${minor}`);
  }
  const begin = major === 1 ? 10 : 12;
  if (bytes.length < begin) throw fail(`the header is truncated after ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > maxHeaderBytes) throw fail(`the header must not exceed ${maxHeaderBytes} bytes; it says ${length}`);
  if (length > bytes.length - begin)
    throw fail(`the header takes ${length} bytes; only ${bytes.length - begin} follow: it is truncated`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + begin, length).toString(major === 3 ? 'utf8' : 'latin1');
  const header = { ...parseDictionary(text, fail), start: begin + length };
  const total = header.start + header.type.bytes * sizeOf(header.shape);
  if (total !== size) {
    throw fail(
      `${header.descr} ${show(header.shape)} takes ${total} bytes with its header; got ${size}: the data is ${size < total ? 'truncated' : 'followed by other bytes'}`,
    );
  }
  return header;
}

type Fail = (text: string) => FormatError;

/** A key, then a quoted text, a truth value, or a tuple of whole numbers; then a comma, or nothing. */
const item = /\s*(['"])(\w+)\1\s*:\s*(?:(['"])([^'"]*)\3|(True|False)|\(([\d\s,L]*)\))\s*(?:,\s*|$)/y;

function parseDictionary(text: string, fail: Fail): Omit<NpyHeader, 'start'> {
  const shown = JSON.stringify(text.length <= 120 ? text.trim() : `${text.slice(0, 119)}…`);
  const wrong = fail(`the header must be { 'descr': text, 'fortran_order': truth, 'shape': tuple }; got ${shown}`);
  const inner = text.trim();
  if (!inner.startsWith('{') || !inner.endsWith('}')) throw wrong;
  const fields = new Map<string, string>();
  const body = inner.slice(1, -1);
  for (item.lastIndex = 0; item.lastIndex < body.length; ) {
    const at = item.lastIndex;
    const match = item.exec(body);
    if (match === null) {
      if (body.slice(at).trim() === '') break;
      throw wrong;
    }
    const [, , key, , quoted, truth, tuple] = match;
    // A truth value for 'descr', or a text for 'shape', is no field of that name.
    const kind = quoted !== undefined ? 'descr' : truth !== undefined ? 'fortran_order' : 'shape';
    if (kind !== key || fields.has(key)) throw wrong;
    fields.set(key, quoted ?? truth ?? tuple);
  }
  const [descr, order, tuple] = [fields.get('descr'), fields.get('fortran_order'), fields.get('shape')];
  if (descr === undefined || order === undefined || tuple === undefined) throw wrong;
  const shape = parseTuple(tuple, fail);
  return { descr, ...parseType(descr, fail), fortran: order === 'True', shape };
}

function parseType(descr: string, fail: Fail): Pick<NpyHeader, 'type' | 'bigEndian'> {
  const letters = descr.slice(1);
  const known = Object.hasOwn(types, letters) && '<>|'.includes(descr[0]);
  if (!known || (descr[0] === '|' && types[letters].bytes > 1)) {
    throw fail(
      `the type must be bool, int, uint or float of at most 8 bytes; got ${JSON.stringify(descr)}; convert it with astype before it is saved`,
    );
  }
  return { type: types[letters], bigEndian: descr[0] === '>' };
}

/** `3, 4`, `3,` or nothing; a long of Python 2 is `3L`. */
function parseTuple(tuple: string, fail: Fail): number[] {
  const parts = tuple.split(',').map((part) => part.trim());
  // `(3)` is no tuple in Python.
  const isTuple = parts.length > 1 || parts[0] === '';
  if (parts[parts.length - 1] === '') parts.pop();
  const shape = parts.map((part) => (/^\d+L?$/.test(part) ? Number.parseInt(part, 10) : NaN));
  // Without the zeros too, as `checkShape` has it.
  const size = sizeOf(shape.map((dimension) => dimension || 1));
  if (!isTuple || !shape.every(Number.isSafeInteger) || size > Number.MAX_SAFE_INTEGER) {
    throw fail(`the shape must be a tuple of whole numbers; got (${tuple.slice(0, 80)})`);
  }
  if (shape.length > maxRank) throw fail(`the shape must have at most ${maxRank} axes; got ${shape.length}`);
  return shape;
}
