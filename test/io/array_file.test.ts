import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type ArrayFile, encodeIdx, encodeNpy, openIdx, openNpy, openSafetensors, writeSafetensors } from 'adjoint/io';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FormatError, ShapeError, ValueError } from '../../lib/core/errors.js';
import type { ArrayData } from '../../lib/io/array_data.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adjoint-rows-'));
});
afterAll(() => rm(folder, { recursive: true }));

const numbers = Float32Array.from({ length: 24 }, (_, i) => i / 4);
const array: ArrayData = { dtype: 'float32', shape: [4, 3, 2], data: numbers };

/** The same array in a file of each format. */
const formats: Record<string, () => Promise<ArrayFile>> = {
  npy: async () => {
    await writeFile(join(folder, 'x.npy'), encodeNpy(array));
    return openNpy(join(folder, 'x.npy'));
  },
  idx: async () => {
    await writeFile(join(folder, 'x.idx'), encodeIdx('float32', [4, 3, 2], numbers));
    return openIdx(join(folder, 'x.idx'));
  },
  safetensors: async () => {
    const path = join(folder, 'x.safetensors');
    const before: ArrayData = { dtype: 'float64', shape: [3], data: Float64Array.of(1, 2, 3) };
    const scalar: ArrayData = { dtype: 'float32', shape: [], data: Float32Array.of(1) };
    await writeSafetensors(
      path,
      new Map<string, ArrayData>([
        ['b', before],
        ['x', array],
        ['s', scalar],
      ]),
    );
    const files = await openSafetensors(path);
    expect([...files.keys()].sort()).toEqual(['b', 'x']);
    return files.get('x')!;
  },
};

describe.each(Object.entries(formats))('rows of %s', (_, open) => {
  it('are read as they lie in the array', async () => {
    const file = await open();
    expect([file.dtype, file.shape, file.length]).toEqual(['float32', [4, 3, 2], 4]);
    for (const [begin, end] of [
      [0, 4],
      [1, 3],
      [3, 4],
      [2, 2],
    ]) {
      expect(await file.read(begin, end)).toEqual({
        dtype: 'float32',
        shape: [end - begin, 3, 2],
        data: numbers.slice(begin * 6, end * 6),
      });
    }
  });

  it('are read in any order', async () => {
    const file = await open();
    const { shape, data } = await file.rows(Int32Array.of(3, 0, 1, 2, 2));
    expect(shape).toEqual([5, 3, 2]);
    expect([...data]).toEqual([3, 0, 1, 2, 2].flatMap((row) => [...numbers.slice(row * 6, row * 6 + 6)]));
    await expect(file.rows(Int32Array.of(0, 4))).rejects.toThrow(
      new ValueError('ArrayFile.rows: rows must lie within 0 … 3; got 4'),
    );
  });

  it('must be there', async () => {
    const file = await open();
    await expect(file.read(3, 5)).rejects.toThrow(
      new ValueError('ArrayFile.read: rows must lie within 0 … 4; got 3 to 5'),
    );
    await expect(file.read(-1, 2)).rejects.toThrow('ArrayFile.read: begin must be a whole number ≥ 0; got -1');
    await expect(file.read(2, 1)).rejects.toThrow('ArrayFile.read: end must be a whole number ≥ 2; got 1');
  });

  it('are not those of another file of the same name', async () => {
    const file = await open();
    await appendFile(file.path, 'x');
    await expect(file.read(0, 1)).rejects.toThrow(
      /^ArrayFile.read: .* had \d+ bytes when it was opened; it has \d+: open it again$/,
    );
  });
});

describe('files without rows', () => {
  it('are refused', async () => {
    await writeFile(join(folder, 's.npy'), encodeNpy({ dtype: 'uint8', shape: [], data: Uint8Array.of(1) }));
    await expect(openNpy(join(folder, 's.npy'))).rejects.toThrow(
      new ShapeError(`ArrayFile: ${join(folder, 's.npy')} holds a scalar, which has no rows; read it whole`),
    );
    await writeFile(join(folder, 'x.gz'), gzipSync(encodeIdx('uint8', [1], Uint8Array.of(1))));
    await expect(openIdx(join(folder, 'x.gz'))).rejects.toThrow(
      new FormatError(
        `openIdx: ${join(folder, 'x.gz')} must not be gzip, which is only read whole; unpack it, or use readIdx`,
      ),
    );
  });

  it('and values that int32 has not are named by their rows', async () => {
    const wide = encodeNpy({ dtype: 'float64', shape: [3], data: Float64Array.of(1, 2 ** 60, 3) });
    const path = join(folder, 'wide.npy');
    await writeFile(path, Buffer.from(Buffer.from(wide).toString('latin1').replace('<f8', '<i8'), 'latin1'));
    const file = await openNpy(path);
    expect((await file.read(2, 2)).data.length).toBe(0);
    await expect(file.read(1, 3)).rejects.toThrow(
      new FormatError(`${path}: rows 1 to 3 of [3]: held as int32, so each value must fit; element 0 is not`),
    );
  });
});
