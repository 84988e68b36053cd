import { type ComplexDType, type FloatDType, partDType } from '../../core/dtype.js';
import { sizeOf } from '../../core/shape.js';
import { allocateKept } from '../../core/storage.js';
import type { Shape } from '../../core/types.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';

/* The numbers that transforms multiply by, computed in float64 and kept for the lengths that were used last. */

type Values = Float32Array | Float64Array;

const kept = new Map<string, Tensor>();
/** Numbers that are kept together at most: 64 MB in float32. */
const mostKept = 2 ** 24;
let count = 0;

/** A tensor that is written by `write`, or was so the last time that this name, shape and dtype were asked for. */
export function constant(
  name: string,
  shape: Shape,
  dtype: FloatDType | ComplexDType,
  write: (values: Values) => void,
): Tensor {
  const key = `${name} [${shape.join()}] ${dtype}`;
  let tensor = kept.get(key);
  if (tensor === undefined) {
    const part = partDType<FloatDType | ComplexDType>(dtype) as 'float32' | 'float64';
    // Never from a slab or from memory that was recycled: it outlives the step.
    const values = allocateKept(part, part === dtype ? sizeOf(shape) : 2 * sizeOf(shape), shape) as Values;
    write(values);
    tensor = fromStorage(values, shape, dtype) as Tensor;
    count += values.length;
  }
  // A map keeps the order of insertion: what was used last comes last.
  kept.delete(key);
  kept.set(key, tensor);
  for (const [oldest, { storage }] of kept) {
    if (count <= mostKept || oldest === key) break;
    kept.delete(oldest);
    count -= storage.data.length;
  }
  return tensor;
}

/** cos and sin of −2π j / n, j ≥ 0, by an angle of at most π / 4. */
export function root(j: number, n: number): [cos: number, sin: number] {
  const quarters = Math.round((4 * j) / n);
  const angle = (Math.PI / 2) * ((4 * j - quarters * n) / n);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  if (quarters % 4 === 0) return [c, -s];
  if (quarters % 4 === 1) return [-s, -c];
  return quarters % 4 === 2 ? [-c, s] : [s, c];
}

/** e^(−2πi j / n), j = 0 … n − 1, as pairs [n, 2]. */
export const rootsOf = (n: number, dtype: FloatDType): Tensor =>
  constant('roots', [n, 2], dtype, (values) => {
    for (let j = 0; j < n; j++) values.set(root(j, n), 2 * j);
  });

/** Real and imaginary parts of e^(−2πi j k / (n1 · n2)), [2, n1, n2]. */
export const twistOf = (n1: number, n2: number, dtype: FloatDType): Tensor =>
  constant('twist', [2, n1, n2], dtype, (values) => {
    for (let j = 0; j < n1; j++) {
      for (let k = 0; k < n2; k++) [values[j * n2 + k], values[(n1 + j) * n2 + k]] = root(j * k, n1 * n2);
    }
  });

/** e^(∓πi j² / n), j = 0 … n − 1, as pairs [n, 2]. */
export const chirpOf = (n: number, inverse: boolean, dtype: FloatDType): Tensor =>
  constant(inverse ? 'inverse chirp' : 'chirp', [n, 2], dtype, (values) => {
    for (let j = 0; j < n; j++) {
      const [cos, sin] = root((j * j) % (2 * n), 2 * n);
      values.set([cos, inverse ? -sin : sin], 2 * j);
    }
  });

/** The transform of what a chirp is convolved with: its conjugate at −n + 1 … n − 1, around the ends of m places. [m, 2] */
export const filterOf = (n: number, m: number, inverse: boolean, dtype: FloatDType): Tensor =>
  constant(`${inverse ? 'inverse ' : ''}filter ${n}`, [m, 2], dtype, (values) => {
    const mirrored = new Float64Array(2 * m);
    for (let j = 0; j < n; j++) {
      const [cos, sin] = root((j * j) % (2 * n), 2 * n);
      for (const at of [j, (m - j) % m]) mirrored.set([cos, inverse ? sin : -sin], 2 * at);
    }
    values.set(spectrumOf(mirrored));
  });

/** The transform of pairs, in float64 for every dtype and without a kernel: no captured step has it as a part. */
function spectrumOf(x: Float64Array): Float64Array {
  const n = x.length / 2;
  const roots = Float64Array.from({ length: 2 * n }, (_, i) => root(i >> 1, n)[i % 2]);
  /** Of every step-th pair from `first` on, `count` of them. */
  const part = (first: number, step: number, count: number): Float64Array => {
    if (count === 1) return x.subarray(2 * first, 2 * first + 2);
    let p = 2;
    while (count % p !== 0) p++;
    const m = count / p;
    const y = new Float64Array(2 * count);
    for (let i = 0; i < p; i++) {
      const each = part(first + i * step, step * p, m);
      for (let k = 0; k < count; k++) {
        const [at, turn] = [2 * (k % m), 2 * (((i * k) % count) * step)];
        y[2 * k] += each[at] * roots[turn] - each[at + 1] * roots[turn + 1];
        y[2 * k + 1] += each[at] * roots[turn + 1] + each[at + 1] * roots[turn];
      }
    }
    return y;
  };
  return part(0, 1, n);
}

/** The numbers of half a spectrum of n, each as often as it stands in the whole: 1, 2 … 2, and 1 in the middle of an even n. */
export const timesOf = (n: number, inverse: boolean, dtype: ComplexDType): Tensor =>
  constant(`${inverse ? 'inverse ' : ''}times ${n}`, [Math.floor(n / 2) + 1], dtype, (values) => {
    values.fill(0);
    for (let k = 0; 2 * k <= n; k++) values[2 * k] = k === 0 || 2 * k === n ? 1 : inverse ? 0.5 : 2;
  });
