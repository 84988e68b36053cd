import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Entry, ZipFile as ZipReader } from 'yauzl';
import { checkInstance } from '../core/check.js';
import { AdjointError, FormatError, ValueError } from '../core/errors.js';
import { requirePeer } from '../core/peer.js';
import type { ArrayData } from './array_data.js';
import { writeFileAtomic } from './atomic.js';
import { crc32 } from './crc.js';
import { inflate, maxDeflateRatio } from './gzip.js';
import { decodeNpy, npyPieces } from './npy.js';
import { npyHeadBytes, npyHeader } from './npy_header.js';
import { FileSource } from './source.js';

/** The method of an entry that is stored, and of one that is deflated. */
const [stored, deflated] = [0, 8];
/** Of the general purpose flags: the entry is encrypted. */
const encrypted = 1;
/** The earliest that an entry can have, in any time zone. */
const mtime = new Date(1980, 0, 1);

/**
 * Reads the arrays of a .npz file, which `numpy.savez` or `savez_compressed` wrote: a zip archive of .npy files. Each is
 * as `readNpy` gives it, by its name without `.npy`. Needs the package yauzl.
 *
 * @throws FormatError  for everything that the format does not allow; an array is inflated no further than its own header
 *   says, and entries may not share bytes
 * @source NumPy, numpy.savez; PKWARE, APPNOTE.TXT 6.3
 */
export async function readNpz(path: string): Promise<Map<string, ArrayData>> {
  return FileSource.with('readNpz', path, async (file) => decode('readNpz', await file.head(file.size), path));
}

/** As `readNpz`, from memory; `name` is what errors call it. */
export const decodeNpz = (bytes: Uint8Array, name = 'bytes'): Promise<Map<string, ArrayData>> =>
  decode('decodeNpz', bytes, name);

async function decode(op: string, bytes: Uint8Array, name: string): Promise<Map<string, ArrayData>> {
  checkInstance(op, 'bytes', bytes, Uint8Array);
  const { fromBufferPromise } = requirePeer<typeof import('yauzl')>(op, 'yauzl');
  const fail = (text: string, cause?: unknown) => new FormatError(`npz: ${name}: ${text}`, { cause });
  const arrays = new Map<string, ArrayData>();
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    let packed = 0;
    for await (const entry of zip.eachEntry()) {
      const key = /^(.*)\.npy$/s.exec(entry.fileName)?.[1];
      if (key === undefined) throw fail(`an entry's name must end in .npy; got ${JSON.stringify(entry.fileName)}`);
      if (arrays.has(key)) throw fail(`each name must occur once; ${JSON.stringify(key)} is repeated`);
      packed += entry.compressedSize;
      if (packed > bytes.length) throw fail(`the entries take ${packed} bytes or more; the file has ${bytes.length}`);
      arrays.set(key, decodeNpy(await unpack(zip, entry, `${name}: ${entry.fileName}`), `${name}: ${entry.fileName}`));
    }
  } catch (cause) {
    // A TypeError would be ours.
    if (cause instanceof AdjointError || cause instanceof TypeError) throw cause;
    throw fail(`the zip archive is broken: ${(cause as Error).message}`, cause);
  }
  return arrays;
}

/** An entry's bytes. */
async function unpack(zip: ZipReader, entry: Entry, name: string): Promise<Uint8Array> {
  const fail = (text: string, cause?: unknown) => new FormatError(`npz: ${name}: ${text}`, { cause });
  const { compressionMethod: method, uncompressedSize: size, compressedSize, generalPurposeBitFlag } = entry;
  if ((generalPurposeBitFlag & encrypted) !== 0) throw fail('an entry must not be encrypted');
  if (method !== stored && method !== deflated) throw fail(`an entry must be stored or deflated; got method ${method}`);
  if (size > compressedSize * maxDeflateRatio) throw fail(`${compressedSize} bytes cannot hold ${size}`);
  const packed = await buffer((await zip.openReadStreamPromise(entry, { decodeFileData: false })) as Readable);
  // The header must account for all of them before they are inflated.
  const limit = (head: Uint8Array): number => {
    npyHeader(head.subarray(0, npyHeadBytes), size, name);
    return size;
  };
  const bytes = method === stored ? packed : inflate(packed, { raw: true, limit, fail });
  if (bytes.length !== size) throw fail(`an entry of ${size} bytes must inflate to as many; got ${bytes.length}`);
  if (crc32(bytes) !== entry.crc32) throw fail('the checksum is wrong: the data is damaged');
  return bytes;
}

/**
 * Writes a .npz file that replaces `path` whole or not at all; `numpy.load` reads it. The same arrays give the same bytes.
 * Needs the package yazl.
 *
 *     await writeNpz('xy.npz', new Map([['x', arrayDataOf(x)], ['y', arrayDataOf(y)]]));
 *
 * @param compress  deflate the arrays, as `savez_compressed` does; default false
 * @throws DTypeError for bfloat16, which NumPy does not have; ValueError for a name that is no path in an archive
 */
export async function writeNpz(
  path: string,
  arrays: ReadonlyMap<string, ArrayData>,
  options: { compress?: boolean } = {},
): Promise<void> {
  await writeFileAtomic(path, pack('writeNpz', arrays, options));
}

/** The bytes that `writeNpz` writes. */
export const encodeNpz = (
  arrays: ReadonlyMap<string, ArrayData>,
  options: { compress?: boolean } = {},
): Promise<Uint8Array> => buffer(pack('encodeNpz', arrays, options));

function pack(
  op: string,
  arrays: ReadonlyMap<string, ArrayData>,
  { compress = false }: { compress?: boolean },
): Readable {
  checkInstance(op, 'arrays', arrays, Map);
  const { ZipFile } = requirePeer<typeof import('yazl')>(op, 'yazl');
  const zip = new ZipFile();
  for (const [name, array] of arrays) {
    const pieces = npyPieces(op, array);
    const size = pieces[0].length + pieces[1].length;
    try {
      zip.addReadStreamLazy(`${name}.npy`, { size, compress, mtime, forceDosTimestamp: true }, (done) =>
        done(null, Readable.from(pieces)),
      );
    } catch (cause) {
      throw new ValueError(
        `${op}: ${JSON.stringify(name)} must be a relative path of an archive; ${(cause as Error).message}`,
        { cause },
      );
    }
  }
  zip.end();
  return zip.outputStream as Readable;
}
