import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tensor } from 'adjoint';
import { arrayDataOf, decodeNpy, encodeNpy, openNpy, readNpy, tensorOf, writeNpy } from 'adjoint/io';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrayOf, type RealDType } from '../../lib/core/dtype.js';
import { FormatError, ShapeError } from '../../lib/core/errors.js';
import type { ArrayData } from '../../lib/io/array_data.js';
import { message } from '../message.js';
import { bytesOf, expected, fromNumpy } from './from_numpy.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adjoint-npy-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file of version 1 with a dictionary as given, valid or not, and elements. */
const npy = (dictionary: string, ...data: number[]): Uint8Array => {
  const length = [dictionary.length & 255, dictionary.length >> 8];
  return Uint8Array.from([0x93, ...Buffer.from('NUMPY'), 1, 0, ...length, ...Buffer.from(dictionary), ...data]);
};
const dictionary = (descr: string, shape: string): string =>
  `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`;

describe('decodeNpy', () => {
  it.each(fromNumpy.cases.map((array) => [array.name, array] as const))('reads what NumPy saved: %s', (_, array) => {
    expect(decodeNpy(bytesOf(array.npy))).toEqual(expected(array));
  });

  it('reads from the middle of a larger buffer', () => {
    const file = bytesOf(fromNumpy.cases[0].npy);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(decodeNpy(shifted.subarray(3))).toEqual(expected(fromNumpy.cases[0]));
  });

  it('reads keys in any order, either quotes, and the longs of Python 2', () => {
    const file = npy(`{"shape":(2L, 1L),"fortran_order" : False , 'descr':"|u1"}\n`, 7, 8);
    expect(decodeNpy(file)).toEqual({ dtype: 'uint8', shape: [2, 1], data: Uint8Array.of(7, 8) });
  });

  it('gives back what was written', () => {
    const array = fc
      .record({
        dtype: fc.constantFrom<RealDType>('bool', 'uint8', 'int32', 'float32', 'float64'),
        shape: fc.array(fc.nat(4), { maxLength: 5 }),
        seed: fc.integer(),
      })
      .map(({ dtype, shape, seed }) => {
        const size = shape.reduce((a, b) => a * b, 1);
        const data = new arrayOf[dtype](size).map((_, i) => (dtype === 'bool' ? i & 1 : Math.imul(seed, i + 1) / 3));
        return { dtype, shape, data } as ArrayData;
      });
    fc.assert(
      fc.property(array, (x) => {
        expect(decodeNpy(encodeNpy(x))).toEqual(x);
      }),
    );
  });

  const refused = (bytes: Uint8Array): string => message(() => decodeNpy(bytes, 'x.npy'));
  it.each([
    ['complex', "'<c16'"],
    ['text', "'<U2'"],
    ['dates', "'<M8[s]'"],
    ['objects', "'|O'"],
  ])('refuses %s', (name, descr) => {
    expect(refused(bytesOf(fromNumpy.refused[name]))).toBe(
      `FormatError npy: x.npy: the type must be bool, int, uint or float of at most 8 bytes; got ${JSON.stringify(descr.slice(1, -1))}; convert it with astype before it is saved`,
    );
  });

  it('refuses records, and numbers that int32 has not', () => {
    expect(refused(bytesOf(fromNumpy.refused['records']))).toBe(
      "FormatError npy: x.npy: the header must be { 'descr': text, 'fortran_order': truth, 'shape': tuple }; got \"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }\"",
    );
    for (const name of ['int64 too large', 'uint32 too large']) {
      expect(refused(bytesOf(fromNumpy.refused[name]))).toBe(
        'FormatError npy: x.npy: held as int32, so each value must fit; element 0 is not',
      );
    }
  });

  const header = (got: string) =>
    `the header must be { 'descr': text, 'fortran_order': truth, 'shape': tuple }; got ${JSON.stringify(got)}`;
  it.each<[string, Uint8Array, string]>([
    ['nothing', Uint8Array.of(), 'a .npy file has 10 bytes or more; got 0'],
    ['a picture', new Uint8Array(20).fill(0x89), 'a .npy file begins with the bytes 93 4e 55 4d 50 59'],
    ['version 4', npy(dictionary("'<f4'", '()')).fill(4, 6, 7), 'the version must be 1.0, 2.0 or 3.0; got 4.0'],
    ['half a length', npy('').fill(2, 6, 7), 'the header is truncated after 10 bytes'],
    ['half a header', npy('{    ').subarray(0, 12), 'the header takes 5 bytes; only 2 follow: it is truncated'],
    [
      'a header without end',
      Uint8Array.of(0x93, ...Buffer.from('NUMPY'), 2, 0, 255, 255, 255, 255),
      'the header must not exceed 65536 bytes; it says 4294967295',
    ],
    ['no dictionary', npy('[1, 2]'), header('[1, 2]')],
    ['a key too few', npy("{'descr': '<f4', 'shape': ()}"), header("{'descr': '<f4', 'shape': ()}")],
    [
      'a key twice',
      npy("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}"),
      header("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}"),
    ],
    [
      'a shape of another kind',
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': '2'}"),
      header("{'descr': '<f4', 'fortran_order': False, 'shape': '2'}"),
    ],
    [
      'a wide type without an order',
      npy(dictionary("'|f4'", '()'), 0, 0, 0, 0),
      'the type must be bool, int, uint or float of at most 8 bytes; got "|f4"; convert it with astype before it is saved',
    ],
    ['a bool of 2', npy(dictionary("'|b1'", '(2,)'), 1, 2), 'a bool must be 0 or 1; element 1 is not'],
    [
      'a shape that is a number',
      npy(dictionary("'|u1'", '(2)'), 1, 2),
      'the shape must be a tuple of whole numbers; got (2)',
    ],
    [
      'a product that no number has',
      npy(dictionary("'|u1'", '(9007199254740991, 9007199254740991, 0)')),
      'the shape must be a tuple of whole numbers; got (9007199254740991, 9007199254740991, 0)',
    ],
    ['13 axes', npy(dictionary("'|u1'", `(${'1, '.repeat(13)})`), 1), 'the shape must have at most 12 axes; got 13'],
    [
      'truncated data',
      npy(dictionary("'<f4'", '(1000000000, 1000)'), 0, 0),
      '<f4 [1000000000, 1000] takes 4000000000081 bytes with its header; got 83: the data is truncated',
    ],
    [
      'trailing bytes',
      npy(dictionary("'|u1'", '(1,)'), 1, 2),
      '|u1 [1] takes 68 bytes with its header; got 69: the data is followed by other bytes',
    ],
  ])('refuses %s', (_, bytes, text) => {
    expect(refused(bytes)).toBe(`FormatError npy: x.npy: ${text}`);
  });
});

describe('encodeNpy', () => {
  it('writes the bytes that NumPy writes', () => {
    const same = fromNumpy.cases.filter(
      ({ dtype, name }) => /[|<](b1|u1|i4|f4|f8)/.test(dtype) && !/order|version/.test(name),
    );
    expect(same.length).toBe(10);
    for (const array of same) {
      const held = { ...expected(array) } as ArrayData;
      // Python's NaN has other bits than JavaScript's.
      const bytes = bytesOf(array.npy);
      expect(decodeNpy(encodeNpy(held))).toEqual(decodeNpy(bytes));
      if (!array.values.includes('nan')) expect(encodeNpy(held)).toEqual(Buffer.from(bytes));
    }
  });

  it('refuses what the format cannot hold', () => {
    const f4 = { dtype: 'float32', shape: [2], data: Float32Array.of(1) } as const;
    expect(message(() => encodeNpy({ dtype: 'bfloat16', shape: [], data: Uint16Array.of(1) }))).toBe(
      'DTypeError encodeNpy: dtype must be one of bool, uint8, int32, float32, float64; got bfloat16; convert it to float32 first',
    );
    expect(() => encodeNpy(f4)).toThrow(
      new ShapeError('encodeNpy: float32 [2] needs 2 elements in a Float32Array; got 1 in a Float32Array'),
    );
  });
});

describe('files', () => {
  it('hold a tensor and give it back', async () => {
    const path = join(folder, 'x.npy');
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    await writeNpy(path, arrayDataOf(x.transpose()));
    const back = tensorOf(await readNpy(path));
    expect([back.shape, back.dtype, back.toArray()]).toEqual([[3, 2], 'float32', x.transpose().toArray()]);
  });

  it('in Fortran order are read, too', async () => {
    const array = fromNumpy.cases.find(({ name }) => name === 'Fortran order, 4 axes');
    const path = join(folder, 'fortran.npy');
    await writeFile(path, bytesOf(array!.npy));
    expect(await readNpy(path)).toEqual(expected(array!));
    await expect(openNpy(path)).rejects.toThrow(
      new FormatError(
        `openNpy: ${path} must be in C order to be read by rows; it is in Fortran order; save np.ascontiguousarray(x), or use readNpy`,
      ),
    );
  });

  it('take no memory for what they only promise', async () => {
    const path = join(folder, 'sparse.npy');
    await writeFile(path, npy(dictionary("'<f8'", '(137438953472,)')));
    await truncate(path, 2 ** 33);
    const before = process.memoryUsage().arrayBuffers;
    await expect(readNpy(path)).rejects.toThrow(/takes 1099511627854 bytes with its header; got 8589934592/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
    expect((await readFile(join(folder, 'x.npy'))).length).toBe(152);
  });
});
