import { FormatError } from '../core/errors.js';
import { maxRank, show, sizeOf } from '../core/shape.js';
import { type FileType, fileTypes } from './file_types.js';

/** The header of a safetensors file: a length, then JSON that says where each tensor lies. Nothing in it is trusted. */
export const maxHeaderBytes = 100_000_000;

export interface Entry {
  readonly name: string;
  readonly type: FileType;
  readonly shape: number[];
  /** First byte and the one after the last, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

export interface ParsedHeader {
  readonly entries: Entry[];
  readonly metadata: Record<string, string>;
  /** Where the tensors' bytes begin. */
  readonly start: number;
}

/** Reads the first 8 bytes: how long the JSON is. */
export function headerLength(prefix: Uint8Array, fileSize: number, file: string): number {
  const fail = (text: string) => new FormatError(`safetensors: ${file}: ${text}`);
  if (prefix.length < 8) throw fail(`a safetensors file has 10 bytes or more; got ${fileSize}`);
  const length = new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
  if (length > maxHeaderBytes)
    throw fail(`the header must not exceed ${maxHeaderBytes} bytes; its first 8 bytes say ${length}`);
  if (Number(length) > fileSize - 8)
    throw fail(`the header takes ${length} bytes; only ${fileSize - 8} follow: it is truncated`);
  return Number(length);
}

/** Reads and checks the JSON: afterwards every tensor is known to lie in the file, and every byte to belong to one. */
export function parseHeader(header: Uint8Array, fileSize: number, file: string): ParsedHeader {
  const fail = (text: string, cause?: unknown) => new FormatError(`safetensors: ${file}: ${text}`, { cause });
  if (header[0] !== 0x7b) {
    throw fail(`the header must begin with '{'; got ${header.length === 0 ? 'an empty one' : `byte ${header[0]}`}`);
  }
  let json: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(header);
    json = JSON.parse(text);
  } catch (cause) {
    throw fail(`the header must be JSON in UTF-8; ${(cause as Error).message}`, cause);
  }
  const repeated = duplicateKey(text);
  if (repeated !== undefined)
    throw fail(`each name must occur once in the header; ${JSON.stringify(repeated)} is repeated`);

  const entries: Entry[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(json as object)) {
    if (name === '__metadata__') metadata = checkMetadata(value, fail);
    else entries.push(checkEntry(name, value, fail));
  }
  const start = 8 + header.length;
  checkCover(entries, fileSize - start, fail);
  return { entries, metadata, start };
}

type Fail = (text: string) => FormatError;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);

function checkMetadata(value: unknown, fail: Fail): Record<string, string> {
  if (!isObject(value) || !Object.values(value).every((item) => typeof item === 'string')) {
    throw fail(`"__metadata__" must map names to text; got ${excerpt(value)}`);
  }
  return value as Record<string, string>;
}

function checkEntry(name: string, value: unknown, fail: Fail): Entry {
  const failHere = (text: string) => fail(`${excerpt(name)}: ${text}`);
  if (!isObject(value)) throw failHere(`must be an object with dtype, shape and data_offsets; got ${excerpt(value)}`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(fileTypes, dtype)) {
    throw failHere(`dtype must be one of ${Object.keys(fileTypes).join(', ')}; got ${excerpt(dtype)}`);
  }
  const type = fileTypes[dtype];
  if (!isSizes(shape)) throw failHere(`shape must be an array of whole numbers ≥ 0; got ${excerpt(shape)}`);
  if (shape.length > maxRank) throw failHere(`shape must have at most ${maxRank} axes; got ${shape.length}`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw failHere(`data_offsets must be two whole numbers in ascending order; got ${excerpt(offsets)}`);
  }
  const [begin, end] = offsets;
  const bytes = sizeOf(shape) * type.bytes;
  if (bytes !== end - begin) {
    throw failHere(
      `${dtype} ${show(shape)} takes ${bytes} bytes; data_offsets [${begin}, ${end}] give it ${end - begin}`,
    );
  }
  // Without the zeros too, as `checkShape` has it.
  if (sizeOf(shape.map((dimension) => dimension || 1)) > Number.MAX_SAFE_INTEGER)
    throw failHere(`shape must have at most 2^53 − 1 elements; got ${excerpt(shape)}`);
  return { name, type, shape, begin, end };
}

/** The tensors' bytes follow one another from the first to the last byte after the header. */
function checkCover(entries: readonly Entry[], available: number, fail: Fail): void {
  let reached = 0;
  let previous = 'the header';
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== reached) {
      const fault = begin < reached ? 'they overlap' : 'there is a hole';
      throw fail(
        `${excerpt(name)} must begin where ${previous} ends, at byte ${reached}; it begins at ${begin}: ${fault}`,
      );
    }
    reached = end;
    previous = excerpt(name);
  }
  if (reached !== available) {
    const fault = reached > available ? 'it is truncated' : 'other bytes follow';
    throw fail(`the tensors take ${reached} bytes; the file has ${available} after its header: ${fault}`);
  }
}

/** A key that an object of this (valid) JSON text has twice; JSON.parse would keep the last without a word. */
function duplicateKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') open.push(new Set());
    else if (text[i] === '}') open.pop();
    else if (text[i] === '"') {
      const start = i++;
      while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
      let next = i + 1;
      while (' \t\r\n'.includes(text[next])) next++;
      if (text[next] !== ':') continue;
      const key = JSON.parse(text.slice(start, i + 1)) as string;
      const keys = open[open.length - 1];
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

/** A value of the header as an error shows it. */
function excerpt(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
