import { readFile, stat } from 'node:fs/promises';
import { checkPath } from '../../core/check.js';
import { FormatError } from '../../core/errors.js';

/** No set of texts here is a hundredth of it. */
const mostBytes = 2 ** 28;

/**
 * The text of a file, which must be all there: it ends with a line break.
 */
export async function readTextFile(op: string, path: string, encoding: 'utf-8' | 'windows-1252'): Promise<string> {
  checkPath(op, path);
  const bytes = await readWithin(op, path);
  const text = encoding === 'utf-8' ? decodeUtf8(op, path, bytes) : decodeWindows1252(bytes);
  if (!text.endsWith('\n')) {
    throw new FormatError(`${op}: ${path} must end with a line break; it has ${bytes.length} bytes and breaks off`);
  }
  return text;
}

async function readWithin(op: string, path: string): Promise<Uint8Array> {
  const found = await stat(path).catch((cause: Error) => {
    throw new FormatError(`${op}: cannot read ${path}: ${cause.message.split(',')[0]}`, { cause });
  });
  if (!found.isFile() || found.size > mostBytes) {
    throw new FormatError(
      `${op}: ${path} must be a file of at most ${mostBytes} bytes; it is ${found.isFile() ? `one of ${found.size}` : 'none'}`,
    );
  }
  return readFile(path);
}

function decodeUtf8(op: string, path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(`${op}: ${path} must be text in utf-8; it has other bytes`, { cause });
  }
}

/** What bytes 0x80 … 0x9f stand for in windows-1252, by the Encoding Standard; all others are Latin-1. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** `TextDecoder` of Node 20 reads these as Latin-1. */
const decodeWindows1252 = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (character) => windows1252[character.charCodeAt(0) - 0x80]);

/** Lines without their ends. */
export const linesOf = (text: string): string[] => text.slice(0, -1).split(/\r?\n/);
