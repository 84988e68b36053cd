import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrayOf, type RealDType } from '../../lib/core/dtype.js';
import { DTypeError, FormatError, ShapeError } from '../../lib/core/errors.js';
import { decodeIdx, encodeIdx, readIdx } from '../../lib/io/index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adjoint-idx-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Header of an IDX file, then bytes as given. */
const idx = (type: number, dimensions: number[], ...data: number[]): Uint8Array =>
  Uint8Array.from([
    ...[0, 0, type, dimensions.length],
    ...dimensions.flatMap((d) => [(d >>> 24) & 255, (d >>> 16) & 255, (d >>> 8) & 255, d & 255]),
    ...data,
  ]);

/** Promises 4 GiB. */
const liar = gzipSync(idx(0x08, [65536, 65536], 1));

const messageOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return (error as Error).message;
  }
  return 'nothing was thrown';
};

describe('decodeIdx', () => {
  it('reads every element type, big-endian', () => {
    expect(decodeIdx(idx(0x08, [2, 2], 1, 2, 3, 255))).toEqual({
      dtype: 'uint8',
      shape: [2, 2],
      data: Uint8Array.of(1, 2, 3, 255),
    });
    expect(decodeIdx(idx(0x09, [3], 1, 255, 128)).data).toEqual(Int32Array.of(1, -1, -128));
    expect(decodeIdx(idx(0x0b, [2], 1, 2, 255, 254)).data).toEqual(Int32Array.of(258, -2));
    expect(decodeIdx(idx(0x0c, [2], 1, 2, 3, 4, 255, 255, 255, 255)).data).toEqual(Int32Array.of(0x01020304, -1));
    expect(decodeIdx(idx(0x0d, [1], 0xc0, 0x20, 0, 0)).data).toEqual(Float32Array.of(-2.5));
    expect(decodeIdx(idx(0x0e, [1], 0x40, 0x04, 0, 0, 0, 0, 0, 0)).data).toEqual(Float64Array.of(2.5));
  });

  it('reads files without elements', () => {
    expect(decodeIdx(idx(0x0d, [0, 7]))).toEqual({ dtype: 'float32', shape: [0, 7], data: new Float32Array(0) });
    expect(decodeIdx(idx(0x08, [2 ** 32 - 1, 2 ** 32 - 1, 0])).data.length).toBe(0);
  });

  it('reads from the middle of a larger buffer', () => {
    const file = idx(0x0b, [2], 0, 1, 0, 2);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(decodeIdx(shifted.subarray(3)).data).toEqual(Int32Array.of(1, 2));
  });

  it('gives back what was written, plain and compressed', () => {
    const array = fc
      .record({
        dtype: fc.constantFrom<RealDType>('uint8', 'int32', 'float32', 'float64'),
        shape: fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }),
        seed: fc.integer(),
      })
      .map(({ dtype, shape, seed }) => {
        const size = shape.reduce((a, b) => a * b, 1);
        const data = new arrayOf[dtype](size).map((_, i) => Math.imul(seed, i + 1) / 3);
        return { dtype, shape, data };
      });
    fc.assert(
      fc.property(array, fc.boolean(), ({ dtype, shape, data }, compressed) => {
        const file = encodeIdx(dtype, shape, data);
        expect(decodeIdx(compressed ? gzipSync(file) : file)).toEqual({ dtype, shape, data });
      }),
    );
  });

  it.each<[string, Uint8Array, string]>([
    ['empty', Uint8Array.of(), 'an IDX file has 4 bytes or more; got 0'],
    [
      'a picture',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47),
      'an IDX file begins with bytes 00 00, gzip with 1f 8b; got 89 50',
    ],
    ['an unknown type', idx(0x0a, [1], 0), 'the element type must be 08, 09, 0b, 0c, 0d or 0e; got 0a'],
    ['no axes', idx(0x08, [], 1), 'the number of axes must be within 1 … 12; got 0'],
    ['13 axes', idx(0x08, Array(13).fill(1), 1), 'the number of axes must be within 1 … 12; got 13'],
    ['half a header', idx(0x08, [1, 2]).subarray(0, 9), 'the header of 2 axes takes 12 bytes; got 9: it is truncated'],
    [
      'truncated',
      idx(0x0b, [2, 2], 0, 1, 0),
      'int16 [2, 2] takes 20 bytes with its header; got 15: the data is truncated',
    ],
    [
      'trailing bytes',
      idx(0x08, [1], 7, 7),
      'uint8 [1] takes 9 bytes with its header; got 10: the data is followed by other bytes',
    ],
    [
      'dimensions whose product overflows',
      idx(0x0e, Array(12).fill(2 ** 32 - 1)),
      `float64 [${Array(12)
        .fill(2 ** 32 - 1)
        .join(', ')}] takes ${8 * (2 ** 32 - 1) ** 12} bytes with its header; got 52: the data is truncated`,
    ],
    ['gzip of nothing', gzipSync(''), 'an IDX file has 4 bytes or more; got 0'],
    [
      'gzip cut off',
      gzipSync(
        encodeIdx(
          'float64',
          [64],
          new Float64Array(64).map((_, i) => Math.sqrt(i)),
        ),
      ).subarray(0, 200),
      'the gzip data is broken: unexpected end of file',
    ],
    ['gzip overwritten', gzipSync(idx(0x08, [1], 5)).fill(0xff, 10), 'the gzip data is broken: invalid block type'],
    [
      'a bomb',
      gzipSync(idx(0x08, [4], ...Array(9).fill(0))),
      'the gzip data is broken: it inflates to more than 12 bytes',
    ],
    [
      'a small gzip with a large promise',
      liar,
      `uint8 [65536, 65536] takes 4294967308 bytes with its header; ${liar.length} bytes of gzip cannot hold that much`,
    ],
    [
      'gzip cut short inside',
      gzipSync(idx(0x08, [2], 1)),
      'uint8 [2] takes 10 bytes with its header; got 9: the data is truncated',
    ],
  ])('refuses %s', (_, bytes, text) => {
    expect(messageOf(() => decodeIdx(bytes, 'a.idx'))).toBe(`idx: a.idx: ${text}`);
  });

  it('inflates a bomb no further than its header says', () => {
    const bomb = gzipSync(Buffer.concat([idx(0x08, [1000]), Buffer.alloc(100_000_000)]));
    const before = process.memoryUsage().arrayBuffers;
    expect(messageOf(() => decodeIdx(bomb))).toBe(
      'idx: bytes: the gzip data is broken: it inflates to more than 1008 bytes',
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  it('answers any bytes with data or a FormatError', () => {
    const valid = encodeIdx('float32', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
    const mutated = fc
      .tuple(
        fc.constantFrom(valid, gzipSync(valid)),
        fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 4 }),
        fc.nat(60),
      )
      .map(([file, changes, length]) => {
        const copy = Uint8Array.from(file);
        for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
        return length > 40 ? copy : copy.subarray(0, length);
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), mutated), (bytes) => {
        try {
          expect(decodeIdx(bytes).data.length).toBeLessThan(100_000);
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('readIdx', () => {
  it('tells gzip from plain by content, not by name', async () => {
    const file = encodeIdx('uint8', [2, 2], Uint8Array.of(1, 2, 3, 4));
    await writeFile(join(folder, 'plain.gz'), file);
    await writeFile(join(folder, 'packed'), gzipSync(file));
    const expected = { dtype: 'uint8', shape: [2, 2], data: Uint8Array.of(1, 2, 3, 4) };
    expect(await readIdx(join(folder, 'plain.gz'))).toEqual(expected);
    expect(await readIdx(join(folder, 'packed'))).toEqual(expected);
  });

  it('says which file is missing, is a folder, or is broken', async () => {
    const missing = join(folder, 'none');
    await expect(readIdx(missing)).rejects.toThrow(new FormatError(`readIdx: no file ${missing}; check the path`));
    await expect(readIdx(folder)).rejects.toThrow(new FormatError(`readIdx: ${folder} must be a file; it is a folder`));
    await expect(readIdx('/dev/zero')).rejects.toThrow(
      new FormatError('readIdx: /dev/zero must be a file; it is a device'),
    );
    const inside = join(folder, 'file', 'x');
    await writeFile(join(folder, 'file'), 'hello');
    await expect(readIdx(inside)).rejects.toThrow(
      new FormatError(`readIdx: cannot open ${inside}: ENOTDIR: not a directory`),
    );
    await expect(readIdx(join(folder, 'file'))).rejects.toThrow(
      new FormatError(`idx: ${join(folder, 'file')}: an IDX file begins with bytes 00 00, gzip with 1f 8b; got 68 65`),
    );
  });
});

describe('encodeIdx', () => {
  it('refuses what the format cannot hold', () => {
    expect(() => encodeIdx('bool', [1], Uint8Array.of(1))).toThrow(
      new DTypeError('encodeIdx: dtype must be uint8, int32, float32 or float64; got bool; convert it first'),
    );
    expect(() => encodeIdx('uint8', [], Uint8Array.of(1))).toThrow(
      new ShapeError('encodeIdx: shape must have 1 axis or more; got []; use [1] for a scalar'),
    );
    expect(() => encodeIdx('int32', [2], Int32Array.of(1))).toThrow(
      new ShapeError('encodeIdx: int32 [2] needs 2 elements in a Int32Array; got 1 in a Int32Array'),
    );
    expect(() => encodeIdx('uint8', [2 ** 32], Uint8Array.of(1))).toThrow(
      'encodeIdx: a dimension must be below 2^32; got [4294967296]',
    );
  });
});
