import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeNpz, encodeNpy, encodeNpz, readNpz, writeNpz } from 'adjoint/io';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import type { ArrayData } from '../../lib/io/array_data.js';
import { bytesOf, fromNumpy } from './from_numpy.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adjoint-npz-'));
});
afterAll(() => rm(folder, { recursive: true }));

const arrays = new Map<string, ArrayData>([
  ['weight', { dtype: 'float32', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) }],
  ['größe', { dtype: 'int32', shape: [], data: Int32Array.of(7) }],
  ['zeros', { dtype: 'float64', shape: [50, 40], data: new Float64Array(2000) }],
]);

/** A zip archive of files as given. */
async function zip(files: Record<string, Uint8Array>, compress = false): Promise<Buffer> {
  const file = new ZipFile();
  for (const [name, bytes] of Object.entries(files)) file.addBuffer(Buffer.from(bytes), name, { compress });
  file.end();
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.outputStream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

const refused = (bytes: Uint8Array): Promise<string> =>
  decodeNpz(bytes, 'x.npz').then(
    () => 'no error',
    (error: Error) => `${error.name} ${error.message}`,
  );

describe('decodeNpz', () => {
  it.each(Object.keys(fromNumpy.archives))('reads what NumPy saved, %s', async (kind) => {
    expect(await decodeNpz(bytesOf(fromNumpy.archives[kind]))).toEqual(arrays);
  });

  it('gives back what was written, through a file', async () => {
    const path = join(folder, 'x.npz');
    for (const compress of [false, true]) {
      await writeNpz(path, arrays, { compress });
      expect(await readNpz(path)).toEqual(arrays);
    }
  });

  it('refuses what is no archive of arrays', async () => {
    const one = encodeNpy(arrays.get('weight')!);
    const broken = 'FormatError npz: x.npz: the zip archive is broken: ';
    expect(await refused(Buffer.from('PK'))).toBe(
      `${broken}End of central directory record signature not found. Either not a zip file, or file is truncated.`,
    );
    expect(await refused(await zip({ 'a.txt': one }))).toBe(
      'FormatError npz: x.npz: an entry\'s name must end in .npy; got "a.txt"',
    );
    const twice = await zip({ 'a.npy': one, 'b.npy': one });
    for (let at = twice.indexOf('b.npy'); at >= 0; at = twice.indexOf('b.npy')) twice.write('a', at);
    expect(await refused(twice)).toBe('FormatError npz: x.npz: each name must occur once; "a" is repeated');
    expect(await refused(await zip({ 'a.npy': Buffer.from('hello, world') }))).toBe(
      'FormatError npy: x.npz: a.npy: a .npy file begins with the bytes 93 4e 55 4d 50 59',
    );
  });

  it('refuses what was damaged', async () => {
    const bytes = Buffer.from(await encodeNpz(new Map([['w', arrays.get('weight')!]])));
    const at = bytes.indexOf(encodeNpy(arrays.get('weight')!)) + 130;
    bytes[at] ^= 1;
    expect(await refused(bytes)).toBe('FormatError npz: x.npz: w.npy: the checksum is wrong: the data is damaged');
    const deflated = Buffer.from(await encodeNpz(new Map([['w', arrays.get('weight')!]]), { compress: true }));
    deflated[35] = 0xff;
    expect(await refused(deflated)).toBe(
      'FormatError npz: x.npz: w.npy: the deflated data is broken: invalid block type',
    );
  });

  it('inflates a bomb no further than its header says', async () => {
    const bomb = await zip({ 'w.npy': Buffer.concat([encodeNpy(arrays.get('weight')!), Buffer.alloc(5e7)]) }, true);
    const before = process.memoryUsage().arrayBuffers;
    expect(await refused(bomb)).toBe(
      'FormatError npy: x.npz: w.npy: <f4 [2, 3] takes 152 bytes with its header; got 50000152: the data is followed by other bytes',
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2e7);
  });

  it('refuses entries that share their bytes', async () => {
    const bytes = await zip({ 'a.npy': encodeNpy(arrays.get('zeros')!), 'b.npy': encodeNpy(arrays.get('zeros')!) });
    // A file of half the size, whose directory names the first entry's bytes twice.
    const first = bytes.indexOf('PK\u0001\u0002');
    const second = bytes.indexOf('PK\u0001\u0002', first + 4);
    const directory = bytes.subarray(first);
    directory.writeUInt32LE(0, second - first + 42);
    const body = bytes.subarray(0, bytes.indexOf('PK\u0003\u0004', 4));
    const half = Buffer.concat([body, directory]);
    half.writeUInt32LE(body.length, half.length - 6);
    expect(await refused(half)).toBe(
      `FormatError npz: x.npz: the entries take 32256 bytes or more; the file has ${half.length}`,
    );
  });
});

describe('encodeNpz', () => {
  it('gives the same bytes for the same arrays', async () => {
    expect(await encodeNpz(arrays)).toEqual(await encodeNpz(arrays));
  });

  it('refuses a name that is no path in an archive', async () => {
    await expect(async () => encodeNpz(new Map([['../w', arrays.get('weight')!]]))).rejects.toThrow(
      'encodeNpz: "../w" must be a relative path of an archive; invalid relative path: ../w.npy',
    );
  });
});
