import type { View } from '../backend.js';
import { type Kernel, type KernelTable, read, writable } from './loops.js';

/* Fourier transforms along the middle axis of [outer, n, inner], by their definition: n² products a line, in float64. */

interface Line {
  re: Float64Array;
  im: Float64Array;
}

/** yₖ = scale · Σⱼ xⱼ e^(±2πi jk / n), k = 0 … count − 1 */
function transform({ re, im }: Line, sign: number, scale: number, count = re.length): Line {
  const n = re.length;
  const cosines = Float64Array.from({ length: n }, (_, j) => Math.cos((2 * Math.PI * j) / n));
  const sines = Float64Array.from({ length: n }, (_, j) => sign * Math.sin((2 * Math.PI * j) / n));
  const y = { re: new Float64Array(count), im: new Float64Array(count) };
  for (let k = 0; k < count; k++) {
    for (let j = 0, turn = 0; j < n; j++, turn = (turn + k) % n) {
      y.re[k] += re[j] * cosines[turn] - im[j] * sines[turn];
      y.im[k] += re[j] * sines[turn] + im[j] * cosines[turn];
    }
    y.re[k] *= scale;
    y.im[k] *= scale;
  }
  return y;
}

/** A kernel from a function of one line; lines of real numbers have the imaginary part 0. */
const alongLines =
  (f: (line: Line, n: number, numbers: readonly number[]) => Line): Kernel =>
  ([y, x]: readonly View[], numbers) => {
    const { values, done } = writable(y);
    const given = read(x);
    const [outer, n, inner] = y.shape;
    const m = x.shape[1];
    const [from, to] = [x.shape[3] ?? 1, y.shape[3] ?? 1];
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        const at = (j: number): number => ((o * m + j) * inner + i) * from;
        const line = {
          re: Float64Array.from({ length: m }, (_, j) => given[at(j)]),
          im: Float64Array.from({ length: m }, (_, j) => (from === 2 ? given[at(j) + 1] : 0)),
        };
        const { re, im } = f(line, n, numbers);
        for (let k = 0; k < n; k++) {
          const place = ((o * n + k) * inner + i) * to;
          values[place] = re[k];
          if (to === 2) values[place + 1] = im[k];
        }
      }
    }
    done();
  };

/** The line of n numbers of which half a transform is known: the other half mirrors it, and what is its own mirror is real. */
function whole({ re, im }: Line, n: number): Line {
  const at = (k: number): number => (2 * k <= n ? k : n - k);
  return {
    re: Float64Array.from({ length: n }, (_, k) => re[at(k)]),
    im: Float64Array.from({ length: n }, (_, k) => (k === 0 || 2 * k === n ? 0 : 2 * k < n ? im[k] : -im[n - k])),
  };
}

export const fftKernels: KernelTable = {
  fft: alongLines((line, _, [inverse, scale]) => transform(line, inverse ? 1 : -1, scale)),
  rfft: alongLines((line, n, [scale]) => transform(line, -1, scale, n)),
  irfft: alongLines((line, n, [scale]) => transform(whole(line, n), 1, scale)),
};
