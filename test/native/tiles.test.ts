import { afterAll, describe, expect, it } from 'vitest';
import type { View } from '../../lib/backend/backend.js';
import { loadAddon, nativeBackend } from '../../lib/backend/native.js';
import { arrayOf, type RealDType, toBfloat16 } from '../../lib/core/dtype.js';
import { Storage } from '../../lib/core/storage.js';
import { randomSequence } from '../harness.js';

/*
 * Matrix products of every size around the edges of tiles, up to two of the largest and one more: 29 rows, 65 columns. Whole
 * numbers, whose sums are exact in every dtype, and one table of sums for all sizes: a smaller product is its corner.
 */

const addon = loadAddon();
const { run } = nativeBackend(addon);
const threads = addon.threads();
afterAll(() => addon.setThreads(threads));

const [rows, columns] = [29, 65];
/** Short ones; around a vector, and two; around the depth that one pass multiplies, of float64, float32 and pairs. */
const depths = [1, 2, 3, 8, 17, 33, 191, 192, 193, 383, 384, 385, 769];
const deepest = depths[depths.length - 1];

const random = randomSequence(4);
const wholes = (count: number): Float64Array =>
  Float64Array.from({ length: count }, () => Math.floor(random() * 7) - 3);
const [a, b, bias] = [wholes(rows * deepest), wholes(deepest * columns), wholes(rows * columns)];

/** The sums of the first k products. */
const sums = new Map(
  depths.map((depth) => {
    const table = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++) {
      for (let p = 0; p < depth; p++) {
        for (let j = 0; j < columns; j++) table[i * columns + j] += a[i * deepest + p] * b[p * columns + j];
      }
    }
    return [depth, table] as const;
  }),
);

/** A matrix's whole memory in one order or the other, of which products take corners. */
function matrix(dtype: RealDType, values: Float64Array, [height, width]: readonly number[], turned: boolean): View {
  const data = new arrayOf[dtype](height * width + 64);
  const strides = turned ? [1, height] : [width, 1];
  const encode = dtype === 'bfloat16' ? toBfloat16 : (x: number) => x;
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) data[i * strides[0] + j * strides[1]] = encode(values[i * width + j]);
  }
  return { storage: new Storage(data), dtype, offset: 0, shape: [height, width], strides };
}

interface Kind {
  readonly name: string;
  readonly a: RealDType;
  readonly b: RealDType;
  readonly y: RealDType;
  /** Number 1 of the call. */
  readonly rounds: boolean;
}
const kinds: readonly Kind[] = [
  ...(['float32', 'float64'] as const).map((dtype) => ({ name: dtype, a: dtype, b: dtype, y: dtype, rounds: false })),
  { name: 'float32 rounded', a: 'float32', b: 'float32', y: 'float32', rounds: true },
  { name: 'bfloat16', a: 'bfloat16', b: 'bfloat16', y: 'float32', rounds: true },
];

/** With nothing, with a bias, and the rectifier of the sums with a bias. */
const endings = ['plain', 'bias', 'relu'] as const;

/** The first size, of those given, whose product is wrong. */
function firstWrong(kind: Kind, turned: readonly boolean[], sizes: Iterable<readonly number[]>): string | null {
  const left = matrix(kind.a, a, [rows, deepest], turned[0]);
  const right = matrix(kind.b, b, [deepest, columns], turned[1]);
  const offsets = matrix(kind.y, bias, [rows, columns], false);
  const memory = new Storage(new arrayOf[kind.y](rows * columns + 64));
  const relu = 1 + addon.elementwise.findIndex(({ name }) => name === 'relu');
  let count = 0;
  for (const [m, n, k] of sizes) {
    const ending = endings[count++ % endings.length];
    const table = sums.get(k) as Float64Array;
    memory.data.fill(77);
    const strides = turned[2] ? [1, m] : [n, 1];
    const corner = (view: View, height: number, width: number): View => ({ ...view, shape: [height, width] });
    const y: View = { storage: memory, dtype: kind.y, offset: 0, shape: [m, n], strides };
    const views = [y, corner(left, m, k), corner(right, k, n), ...(ending === 'plain' ? [] : [corner(offsets, m, n)])];
    run('matmul', views, [ending === 'relu' ? relu : 0, kind.rounds ? 1 : 0]);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const at = i * columns + j;
        const sum = table[at] + (ending === 'plain' ? 0 : bias[at]);
        const expected = ending === 'relu' ? Math.max(sum, 0) : sum;
        const got = memory.data[i * strides[0] + j * strides[1]];
        if (got !== expected) return `${m} × ${n} × ${k}, ${ending}: (${i}, ${j}) is ${got}, not ${expected}`;
      }
    }
    for (let at = m * n; at < m * n + 64; at++) if (memory.data[at] !== 77) return `${m} × ${n} × ${k}: writes beyond`;
  }
  return null;
}

/** Every number of rows and of columns at a few depths; every depth at the sizes where tiles end. */
function* everySize(): Generator<readonly number[]> {
  for (const k of [1, 3, 33]) {
    for (let m = 1; m <= rows; m++) for (let n = 1; n <= columns; n++) yield [m, n, k];
  }
  for (const k of depths) {
    for (const m of [1, 4, 6, 7, 14, 15, 28, 29])
      for (const n of [1, 2, 8, 12, 13, 16, 17, 31, 32, 33, 64, 65]) yield [m, n, k];
  }
}
const sizes = [...everySize()];

describe.each(addon.isas)('products on %s', (isa) => {
  it.each(kinds)('$name', (kind) => {
    addon.setIsa(isa);
    addon.setThreads(1);
    const orders = Array.from({ length: 8 }, (_, i) => [1, 2, 4].map((bit) => (i & bit) !== 0));
    const wrong = orders.flatMap((turned) => {
      const found = firstWrong(kind, turned, sizes);
      return found === null ? [] : [`turned [${turned}]: ${found}`];
    });
    expect(wrong).toEqual([]);
  });
});
