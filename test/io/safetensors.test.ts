import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrayOf, bytesPerElement, realDTypes } from '../../lib/core/dtype.js';
import { DTypeError, FormatError, ShapeError, ValueError } from '../../lib/core/errors.js';
import type { ArrayData } from '../../lib/io/array_data.js';
import { decodeSafetensors, encodeSafetensors, readSafetensors, writeSafetensors } from '../../lib/io/index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adjoint-safetensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file with a header as given, valid or not. */
const file = (header: string | Uint8Array, ...data: number[]): Uint8Array => withData(header, Uint8Array.from(data));
const withData = (header: string | Uint8Array, data: Uint8Array): Uint8Array => {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
};
const entry = (dtype: string, shape: unknown, begin: unknown, end: unknown) =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });
/** One tensor `w` over all of `data`. */
const one = (dtype: string, shape: number[], data: ArrayBufferView): Uint8Array =>
  withData(`{"w":${entry(dtype, shape, 0, data.byteLength)}}`, new Uint8Array(data.buffer));

const array: fc.Arbitrary<ArrayData> = fc
  .tuple(fc.constantFrom(...realDTypes), fc.array(fc.nat(3), { maxLength: 4 }))
  .chain(([dtype, shape]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return fc.uint8Array({ minLength: size * 8, maxLength: size * 8 }).map((bytes) => {
      const data = new arrayOf[dtype](dtype === 'bool' ? bytes.map((byte) => byte & 1).buffer : bytes.buffer, 0, size);
      return { dtype, shape, data } as ArrayData;
    });
  });
const contents = fc.tuple(
  fc.uniqueArray(fc.tuple(fc.string({ unit: 'binary' }), array), { selector: ([name]) => name, maxLength: 6 }),
  fc.dictionary(fc.string(), fc.string()),
);

/** Bytes, since NaNs of different bits are equal to each other. */
const bytesOf = ({ dtype, shape, data }: ArrayData) => ({
  dtype,
  shape,
  bytes: [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
});
const byName = (tensors: ReadonlyMap<string, ArrayData>) =>
  Object.fromEntries([...tensors].map(([name, tensor]) => [name, bytesOf(tensor)]));

describe('round trips', () => {
  it('give back names, types, shapes, bits and metadata', () => {
    fc.assert(
      fc.property(contents, ([list, metadata]) => {
        const tensors = new Map(list);
        const back = decodeSafetensors(encodeSafetensors(tensors, metadata));
        expect(byName(back.tensors)).toEqual(byName(tensors));
        expect(Object.entries(back.metadata)).toEqual(Object.entries(metadata));
      }),
    );
  });

  it('work through a file, which is replaced whole', async () => {
    const path = join(folder, 'm.safetensors');
    const first = new Map<string, ArrayData>([
      ['w', { dtype: 'float32', shape: [2, 1], data: Float32Array.of(1.5, -2) }],
    ]);
    await writeSafetensors(path, first, { format: 'pt' });
    expect(await readSafetensors(path)).toEqual({ tensors: first, metadata: { format: 'pt' } });
    const second = new Map<string, ArrayData>([
      ['big', { dtype: 'float64', shape: [500], data: new Float64Array(500).map((_, i) => Math.sqrt(i)) }],
      ['0', { dtype: 'int32', shape: [], data: Int32Array.of(-7) }],
    ]);
    await writeSafetensors(path, second);
    expect(await readSafetensors(path)).toEqual({ tensors: second, metadata: {} });
    expect(await readdir(folder)).toEqual(['m.safetensors']);
  });

  it('lay every tensor at a multiple of its element size', () => {
    fc.assert(
      fc.property(contents, ([list, metadata]) => {
        const bytes = encodeSafetensors(new Map(list), metadata);
        const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
        expect(length % 8).toBe(0);
        const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString());
        for (const [name, { dtype }] of list) {
          expect(header[name].data_offsets[0] % bytesPerElement[dtype]).toBe(0);
        }
      }),
    );
  });

  it('write these bytes', () => {
    const bytes = encodeSafetensors(
      new Map<string, ArrayData>([
        ['b', { dtype: 'bool', shape: [1], data: Uint8Array.of(1) }],
        ['a', { dtype: 'bfloat16', shape: [], data: Uint16Array.of(0x3f80) }],
      ]),
      { format: 'pt' },
    );
    const header =
      '{"__metadata__":{"format":"pt"},"a":{"dtype":"BF16","shape":[],"data_offsets":[0,2]},' +
      '"b":{"dtype":"BOOL","shape":[1],"data_offsets":[2,3]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    expect(Buffer.from(bytes).toString('latin1')).toBe(
      `${String.fromCharCode(padded.length)}${'\0'.repeat(7)}${padded}\x80\x3f\x01`,
    );
  });
});

describe('types that are held as others', () => {
  const read = (dtype: string, data: ArrayBufferView & ArrayLike<unknown>) =>
    decodeSafetensors(one(dtype, [data.length], data)).tensors.get('w');
  const int32 = (...values: number[]) => ({ dtype: 'int32', shape: [values.length], data: Int32Array.from(values) });

  it('are int8, int16, uint16, and uint32, int64, uint64 that fit', () => {
    expect(read('I8', Int8Array.of(-128, 127))).toEqual(int32(-128, 127));
    expect(read('I16', Int16Array.of(-32768, 5))).toEqual(int32(-32768, 5));
    expect(read('U16', Uint16Array.of(65535, 5))).toEqual(int32(65535, 5));
    expect(read('U32', Uint32Array.of(2 ** 31 - 1, 5))).toEqual(int32(2 ** 31 - 1, 5));
    expect(read('I64', BigInt64Array.of(-(2n ** 31n), 2n ** 31n - 1n, -1n))).toEqual(
      int32(-(2 ** 31), 2 ** 31 - 1, -1),
    );
    expect(read('U64', BigUint64Array.of(2n ** 31n - 1n))).toEqual(int32(2 ** 31 - 1));
  });

  it.each([
    ['I64', BigInt64Array.of(0n, 2n ** 31n), 1],
    ['I64', BigInt64Array.of(-(2n ** 31n) - 1n), 0],
    ['I64', BigInt64Array.of(2n ** 32n), 0],
    ['U64', BigUint64Array.of(2n ** 64n - 1n), 0],
    ['U64', BigUint64Array.of(2n ** 31n), 0],
    ['U32', Uint32Array.of(1, 2, 2 ** 31), 2],
  ])('refuse %s %o', (dtype, data, index) => {
    expect(() => read(dtype, data)).toThrow(
      new FormatError(`safetensors: bytes: "w": held as int32, so each value must fit; element ${index} is not`),
    );
  });

  it('are float16: every bit pattern by its definition', () => {
    const patterns = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const data = read('F16', patterns)?.data as Float32Array;
    for (const bits of patterns) {
      const digits = bits.toString(2).padStart(16, '0');
      const sign = digits[0] === '1' ? -1 : 1;
      const exponent = Number.parseInt(digits.slice(1, 6), 2);
      const fraction = Number.parseInt(digits.slice(6), 2) / 1024;
      const normal = sign * (exponent === 0 ? 2 ** -14 * fraction : 2 ** (exponent - 15) * (1 + fraction));
      const expected = exponent < 31 ? normal : fraction === 0 ? sign * Infinity : NaN;
      if (!Object.is(data[bits], expected)) expect(data[bits]).toBe(expected);
    }
  });

  it('keep bool to 0 and 1', () => {
    expect(() => read('BOOL', Uint8Array.of(0, 1, 2))).toThrow(
      new FormatError('safetensors: bytes: "w": a bool must be 0 or 1; element 2 is not'),
    );
  });
});

describe('hostile files', () => {
  const f32 = entry('F32', [1], 0, 4);
  it.each<[string, Uint8Array, string]>([
    ['an empty file', Uint8Array.of(), 'a safetensors file has 10 bytes or more; got 0'],
    ['a length alone', file(''), "the header must begin with '{'; got an empty one"],
    [
      'a header over 100 MB',
      Uint8Array.of(1, 225, 245, 5, 0, 0, 0, 0),
      'the header must not exceed 100000000 bytes; its first 8 bytes say 100000001',
    ],
    [
      'a header of 2⁶⁴ bytes',
      new Uint8Array(8).fill(255),
      'the header must not exceed 100000000 bytes; its first 8 bytes say 18446744073709551615',
    ],
    ['a cut header', file('{}').subarray(0, 9), 'the header takes 2 bytes; only 1 follow: it is truncated'],
    ['a leading space', file(' {}'), "the header must begin with '{'; got byte 32"],
    ['an array', file('[]'), "the header must begin with '{'; got byte 91"],
    [
      'a name twice',
      file(`{"w":${f32},"w":${f32}}`, 0, 0, 0, 0),
      'each name must occur once in the header; "w" is repeated',
    ],
    [
      'a name twice, spelt differently',
      file(`{"w":${f32},"\\u0077" \n:${f32}}`, 0, 0, 0, 0),
      'each name must occur once in the header; "w" is repeated',
    ],
    [
      'a field twice',
      file('{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"dtype":"I32"}}', 0, 0, 0, 0),
      'each name must occur once in the header; "dtype" is repeated',
    ],
    [
      'metadata twice',
      file('{"__metadata__":{"a\\"":"{","a\\"":""}}'),
      'each name must occur once in the header; "a\\"" is repeated',
    ],
    ['metadata that is no object', file('{"__metadata__":[]}'), '"__metadata__" must map names to text; got []'],
    ['metadata with a number', file('{"__metadata__":{"a":1}}'), '"__metadata__" must map names to text; got {"a":1}'],
    [
      'a tensor that is no object',
      file('{"w":null}'),
      '"w": must be an object with dtype, shape and data_offsets; got null',
    ],
    [
      'an unknown type',
      file(`{"w":${entry('toString', [1], 0, 4)}}`),
      '"w": dtype must be one of BOOL, U8, I32, BF16, F32, F64, I8, I16, U16, U32, I64, U64, F16; got "toString"',
    ],
    [
      'no type',
      file('{"w":{}}'),
      '"w": dtype must be one of BOOL, U8, I32, BF16, F32, F64, I8, I16, U16, U32, I64, U64, F16; got nothing',
    ],
    [
      'a fraction as size',
      file(`{"w":${entry('F32', [0.5], 0, 2)}}`),
      '"w": shape must be an array of whole numbers ≥ 0; got [0.5]',
    ],
    [
      'a negative size',
      file(`{"w":${entry('F32', [-1], 0, 2)}}`),
      '"w": shape must be an array of whole numbers ≥ 0; got [-1]',
    ],
    [
      'text as shape',
      file(`{"w":${entry('F32', 'a'.repeat(90), 0, 2)}}`),
      `"w": shape must be an array of whole numbers ≥ 0; got "${'a'.repeat(78)}…`,
    ],
    [
      'a product that no number has',
      file(`{"w":${entry('U8', [2 ** 40, 2 ** 40, 0], 0, 0)}}`),
      '"w": shape must have at most 2^53 − 1 elements; got [1099511627776,1099511627776,0]',
    ],
    [
      '13 axes',
      file(`{"w":${entry('U8', Array(13).fill(1), 0, 1)}}`, 0),
      '"w": shape must have at most 12 axes; got 13',
    ],
    [
      'offsets backwards',
      file(`{"w":${entry('F32', [1], 4, 0)}}`),
      '"w": data_offsets must be two whole numbers in ascending order; got [4,0]',
    ],
    [
      'three offsets',
      file('{"w":{"dtype":"U8","shape":[],"data_offsets":[0,1,2]}}'),
      '"w": data_offsets must be two whole numbers in ascending order; got [0,1,2]',
    ],
    [
      'another size',
      file(`{"w":${entry('F32', [3, 2], 0, 20)}}`),
      '"w": F32 [3, 2] takes 24 bytes; data_offsets [0, 20] give it 20',
    ],
    [
      'a product that overflows',
      file(`{"w":${entry('U8', [2 ** 52, 2 ** 52], 0, 0)}}`),
      '"w": U8 [4503599627370496, 4503599627370496] takes 2.028240960365167e+31 bytes; data_offsets [0, 0] give it 0',
    ],
    [
      'an overlap',
      file(`{"a":${entry('U8', [2], 0, 2)},"b":${entry('U8', [2], 1, 3)}}`, 1, 2, 3),
      '"b" must begin where "a" ends, at byte 2; it begins at 1: they overlap',
    ],
    [
      'a hole',
      file(`{"b":${entry('U8', [1], 2, 3)},"a":${entry('U8', [1], 0, 1)}}`, 1, 2, 3),
      '"b" must begin where "a" ends, at byte 1; it begins at 2: there is a hole',
    ],
    [
      'a hole at the start',
      file(`{"a":${entry('U8', [1], 1, 2)}}`, 1, 2),
      '"a" must begin where the header ends, at byte 0; it begins at 1: there is a hole',
    ],
    [
      'bytes too many',
      file(`{"w":${f32}}`, 1, 2, 3, 4, 5),
      'the tensors take 4 bytes; the file has 5 after its header: other bytes follow',
    ],
    [
      'bytes too few',
      file(`{"w":${f32}}`, 1, 2, 3),
      'the tensors take 4 bytes; the file has 3 after its header: it is truncated',
    ],
    [
      'a terabyte promised',
      file(`{"w":${entry('F64', [2 ** 37], 0, 2 ** 40)}}`, 1),
      'the tensors take 1099511627776 bytes; the file has 1 after its header: it is truncated',
    ],
  ])('with %s are refused, from memory and from disk', async (_, bytes, text) => {
    expect(() => decodeSafetensors(bytes, 'x')).toThrow(new FormatError(`safetensors: x: ${text}`));
    const path = join(folder, 'hostile');
    await writeFile(path, bytes);
    await expect(readSafetensors(path)).rejects.toThrow(new FormatError(`safetensors: ${path}: ${text}`));
  });

  it('with bytes that are no JSON or no UTF-8 are refused', () => {
    expect(() => decodeSafetensors(file('{"w"'))).toThrow(/^safetensors: bytes: the header must be JSON in UTF-8; /);
    expect(() => decodeSafetensors(file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)))).toThrow(
      /^safetensors: bytes: the header must be JSON in UTF-8; /,
    );
    expect(() => decodeSafetensors(file(`{"w":${'['.repeat(1e6)}`))).toThrow(FormatError);
  });

  it('take no memory for what they only promise', async () => {
    const path = join(folder, 'sparse');
    await writeFile(path, file(`{"w":${entry('F64', [2 ** 37], 0, 2 ** 40)}}`));
    await truncate(path, 2 ** 33);
    const before = process.memoryUsage().arrayBuffers;
    await expect(readSafetensors(path)).rejects.toThrow(/the tensors take 1099511627776 bytes/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it('made by chance give tensors or a FormatError', () => {
    const mutated = fc
      .tuple(contents, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat())
      .map(([[list, metadata], changes, cut]) => {
        const bytes = Uint8Array.from(encodeSafetensors(new Map(list), metadata));
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        return cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes;
      });
    const header = fc.json().map((text) => file(text));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), header, mutated), (bytes) => {
        try {
          decodeSafetensors(bytes);
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('a missing file is named', async () => {
    await expect(readSafetensors('none')).rejects.toThrow(
      new FormatError('readSafetensors: no file none; check the path'),
    );
  });
});

describe('the writer refuses', () => {
  const write = (name: string, tensor: unknown) => encodeSafetensors(new Map([[name, tensor as ArrayData]]));
  it('what the reader would refuse', () => {
    expect(() => write('__metadata__', { dtype: 'uint8', shape: [], data: Uint8Array.of(1) })).toThrow(
      new ValueError('encodeSafetensors: a tensor must not be called "__metadata__"; choose another name'),
    );
    expect(() => write('w', { dtype: 'float32', shape: [1], data: Float64Array.of(1) })).toThrow(
      new DTypeError('encodeSafetensors: "w": data of dtype float32 does not lie in a Float64Array'),
    );
    expect(() => write('w', { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1) })).toThrow(
      new ShapeError('encodeSafetensors: "w": shape [2, 2] has 4 elements; data has 1'),
    );
    expect(() => write('w', { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 3) })).toThrow(
      new ValueError('encodeSafetensors: "w": a bool is 0 or 1; element 1 is 3'),
    );
    expect(() => encodeSafetensors(new Map(), { epoch: 3 as unknown as string })).toThrow(
      new ValueError('encodeSafetensors: metadata must be text; "epoch" is number; use JSON.stringify'),
    );
  });

  it('a header over 100 MB', () => {
    expect(() => encodeSafetensors(new Map(), { a: 'x'.repeat(1e8) })).toThrow(
      new ValueError(
        'encodeSafetensors: the header must not exceed 100000000 bytes; got 100000032; shorten names or metadata',
      ),
    );
  });
});
