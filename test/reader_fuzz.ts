import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { nn, optim, seed as seedAll, type Tensor, tensor } from 'adjoint';
import {
  BytePairTokenizer,
  CharacterTokenizer,
  decodeCifar10,
  loadTokenizer,
  Vocabulary,
  WordTokenizer,
} from 'adjoint/data';
import {
  decodeIdx,
  decodeImage,
  decodeNpy,
  decodeNpz,
  decodeSafetensors,
  encodeIdx,
  encodeImage,
  encodeNpy,
  encodeNpz,
  encodeSafetensors,
  parseCsv,
} from 'adjoint/io';
import { AdjointError, FormatError } from '../lib/core/errors.js';
import { philox } from '../lib/core/random.js';
import type { ArrayData } from '../lib/io/array_data.js';
import { readCheckpoint, writeCheckpoint } from '../lib/train/checkpoint.js';

/*
 * Hostile files: valid ones with bits turned, lengths changed, pieces cut, doubled and mixed, by a seed. A reader gives a
 * value or its error, and nothing else, in little time and memory.
 */

/** A reader of outside files. */
export interface FuzzedReader {
  readonly name: string;
  /** Valid files, which are changed. */
  readonly files: () => Promise<Uint8Array[]>;
  readonly read: (bytes: Uint8Array) => unknown;
  /** Packs changed bytes, so that they get past a checksum; used for every fourth input. */
  readonly pack?: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  /** The error that a reader may throw; default FormatError. */
  readonly error?: typeof AdjointError;
}

export interface FuzzReport {
  /** Inputs that were read. */
  values: number;
  /** Inputs that were refused. */
  refused: number;
  /** Milliseconds of the slowest. */
  slowest: number;
}

/** Gives a reader so many inputs; throws an error that holds the input which the reader does not bear. */
export async function fuzz(reader: FuzzedReader, inputs: number, seed: number): Promise<FuzzReport> {
  const files = await reader.files();
  const report: FuzzReport = { values: 0, refused: 0, slowest: 0 };
  for (let i = 0; i < inputs; i++) {
    // zlib lets go of its memory where the event loop turns, which readers that do not wait never let it.
    if (i % 1000 === 0) await setImmediate();
    const random = new Draws(seed, i);
    const changed = change(files, random);
    const bytes = reader.pack !== undefined && i % 4 === 0 ? await reader.pack(changed) : changed;
    const start = performance.now();
    try {
      const value = reader.read(bytes);
      if (value instanceof Promise) await value;
      report.values++;
    } catch (error) {
      if (!(error instanceof (reader.error ?? FormatError))) {
        const input = Buffer.from(bytes).toString('base64');
        throw new Error(`${reader.name}: input ${i} of seed ${seed} gives ${error}; it is ${input}`, { cause: error });
      }
      report.refused++;
    }
    report.slowest = Math.max(report.slowest, performance.now() - start);
  }
  return report;
}

/** Random numbers of one input. */
class Draws {
  #words: ArrayLike<number> = [];
  #used = 0;
  #block = 0;
  constructor(
    readonly seed: number,
    readonly input: number,
  ) {}
  /** Whole, from 0 to `bound` − 1. */
  below(bound: number): number {
    if (this.#used === this.#words.length) {
      this.#words = [...philox(this.seed, this.input * 1024 + this.#block++)];
      this.#used = 0;
    }
    return Math.floor((this.#words[this.#used++] / 2 ** 32) * bound);
  }
}

/** Where arithmetic and checks tend to go wrong. */
const extremes = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];

const changes: ((bytes: Buffer, random: Draws, files: readonly Uint8Array[]) => Uint8Array)[] = [
  // A bit.
  (bytes, random) => {
    bytes[random.below(bytes.length)] ^= 1 << random.below(8);
    return bytes;
  },
  // A byte.
  (bytes, random) => {
    bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  },
  // A number of 1 to 8 bytes, of either order.
  (bytes, random) => {
    const number = Buffer.alloc(8);
    number.writeBigUInt64LE(extremes[random.below(extremes.length)]);
    const width = Math.min(bytes.length, 2 ** random.below(4));
    const field = Uint8Array.from(number.subarray(0, width));
    const at = random.below(bytes.length - width + 1);
    bytes.set(random.below(2) === 0 ? field : field.toReversed(), at);
    return bytes;
  },
  // A digit, where there are texts.
  (bytes, random) => {
    const at = random.below(bytes.length);
    const found = bytes.findIndex((byte, i) => i >= at && byte >= 0x30 && byte <= 0x39);
    if (found >= 0) bytes[found] = 0x30 + random.below(10);
    return bytes;
  },
  // The end is cut off.
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  // A piece is left out.
  (bytes, random) => {
    const [begin, end] = piece(bytes, random);
    return Buffer.concat([bytes.subarray(0, begin), bytes.subarray(end)]);
  },
  // A piece comes twice.
  (bytes, random) => {
    const [begin, end] = piece(bytes, random);
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(begin)]);
  },
  // A piece of another file.
  (bytes, random, files) => {
    const other = files[random.below(files.length)];
    const [begin, end] = piece(other, random);
    const at = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), other.subarray(begin, end), bytes.subarray(at + end - begin)]);
  },
  // Bytes that mean nothing.
  (bytes, random) => {
    const at = random.below(bytes.length);
    const noise = Uint8Array.from({ length: 1 + random.below(8) }, () => random.below(256));
    return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
  },
];

function piece(bytes: Uint8Array, random: Draws): [begin: number, end: number] {
  const begin = random.below(bytes.length);
  return [begin, begin + 1 + random.below(Math.min(64, bytes.length - begin))];
}

function change(files: readonly Uint8Array[], random: Draws): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(files[random.below(files.length)]);
  for (let left = 1 + random.below(3); left > 0 && bytes.length > 0; left--) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    bytes = changes[random.below(changes.length)](buffer, random, files);
  }
  return bytes;
}

const arrays: ArrayData[] = [
  { dtype: 'uint8', shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) },
  { dtype: 'int32', shape: [3], data: Int32Array.of(-1, 2, 300) },
  { dtype: 'float32', shape: [2, 2], data: Float32Array.of(0.5, -1, NaN, Infinity) },
  { dtype: 'float64', shape: [1, 2, 1], data: Float64Array.of(Math.PI, -0) },
];
const npy = [...arrays.map(encodeNpy), encodeNpy({ dtype: 'bool', shape: [2], data: Uint8Array.of(0, 1) })];
const named = new Map(arrays.map((array, i) => [`w${i}`, array]));
const csv = [
  'name,age,fare,alone\n"Braund, ""O""",22,7.25,False\nCumings,,71.3,True\n',
  'a;b\r\n1;2\r\n-3;inf\r\n',
  '\ufeffx\n1e5\nNA\n"two\nlines"\n',
].map((text) => Uint8Array.from(Buffer.from(text)));
const idx = arrays.map(({ dtype, shape, data }) => encodeIdx(dtype, shape, data));
const cifar = Uint8Array.from({ length: 2 * 3073 }, (_, i) => (i % 3073 === 0 ? i / 3073 : i % 251));

async function pictures(): Promise<Uint8Array[]> {
  const pixels = Uint8Array.from({ length: 8 * 6 * 3 }, (_, i) => (i * 37) % 256);
  const picture: Tensor<any, 'uint8'> = tensor(pixels, { shape: [6, 8, 3] });
  return Promise.all((['png', 'jpeg', 'webp'] as const).map((format) => encodeImage(picture, format)));
}

/** What a checkpoint of a small network is of. */
function parts() {
  seedAll(1);
  const model = new nn.Linear(3, 2);
  return { model, optimizer: new optim.Adam(model.parameters(), { lr: 0.1 }) };
}
let folder: string | undefined;
function pathOf(name: string): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'adjoint-fuzz-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return join(folder, name);
}
const restored = parts();

/** All of a checkpoint, or nothing of it. */
async function resume(bytes: Uint8Array): Promise<void> {
  writeFileSync(pathOf('checkpoint'), bytes);
  const { weight } = restored.model;
  const before: Float32Array = weight.data();
  try {
    await readCheckpoint(pathOf('checkpoint'), restored);
  } catch (error) {
    const after: Float32Array = weight.data();
    if (!after.every((value, i) => Object.is(value, before[i]))) throw new Error(`changed, though refused: ${error}`);
    throw error;
  }
}

const words = 'to be or not to be that is the question';
const tokenizers = [
  CharacterTokenizer.train(words),
  new WordTokenizer(new Vocabulary(new Set(words.split(' ')), { unk: '<unk>' })),
  BytePairTokenizer.train(words, { merges: 10 }),
].map((tokenizer) => Buffer.from(JSON.stringify(tokenizer)));

async function load(bytes: Uint8Array): Promise<Int32Array | string> {
  writeFileSync(pathOf('tokenizer'), bytes);
  const tokenizer = await loadTokenizer(pathOf('tokenizer'));
  return tokenizer.decode(Array.from({ length: Math.min(tokenizer.size, 100) }, (_, id) => id));
}

export const fuzzedReaders: readonly FuzzedReader[] = [
  {
    name: 'idx',
    files: async () => [...idx, ...idx.map((file) => gzipSync(file))],
    read: (bytes) => decodeIdx(bytes),
    pack: (bytes) => gzipSync(bytes),
  },
  {
    name: 'safetensors',
    files: async () => [encodeSafetensors(named, { format: 'pt' }), encodeSafetensors(new Map())],
    read: (bytes) => decodeSafetensors(bytes),
  },
  { name: 'npy', files: async () => npy, read: (bytes) => decodeNpy(bytes) },
  {
    name: 'npz',
    files: async () => [await encodeNpz(named), await encodeNpz(named, { compress: true })],
    read: (bytes) => decodeNpz(bytes),
  },
  {
    name: 'csv',
    files: async () => csv,
    read: (bytes) => parseCsv(bytes),
  },
  {
    name: 'cifar10',
    files: async () => [cifar, gzipSync(cifar)],
    read: (bytes) => decodeCifar10(bytes),
    pack: (bytes) => gzipSync(bytes, { level: 1 }),
  },
  {
    name: 'checkpoint',
    files: async () => {
      await writeCheckpoint(pathOf('checkpoint'), parts());
      return [readFileSync(pathOf('checkpoint'))];
    },
    read: resume,
    // One that is whole, but of other parts, is not broken.
    error: AdjointError,
  },
  { name: 'tokenizer', files: async () => tokenizers, read: load },
  {
    name: 'image',
    files: pictures,
    read: (bytes) => decodeImage(bytes, { maxPixels: 2 ** 16 }),
  },
];
