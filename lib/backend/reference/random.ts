import { philox } from '../../core/random.js';
import { lgamma } from './gamma.js';
import { type Kernel, type KernelTable, read, writable } from './loops.js';

/** Fills y with a function of the words of block counter + ⌊i / perBlock⌋ and of i's place among that block's elements. */
const generate =
  (perBlock: number, make: (words: Uint32Array, place: number, first: number, second: number) => number): Kernel =>
  ([y], [seed, counter, first, second]) => {
    const { values, done } = writable(y);
    for (let i = 0; i < values.length; ) {
      const words = philox(seed, counter + i / perBlock);
      for (let place = 0; place < perBlock && i < values.length; place++)
        values[i++] = make(words, place, first, second);
    }
    done();
  };

const uniform32 = generate(4, (words, i, low, high) => low + (high - low) * ((words[i] >>> 8) * 2 ** -24));
const uniform64 = generate(2, (words, i, low, high) => {
  const bits53 = (words[2 * i] >>> 5) * 2 ** 26 + (words[2 * i + 1] >>> 6);
  return low + (high - low) * (bits53 * 2 ** -53);
});

/** The middle of a word's part of (0, 1), and that of two words', of which 53 bits count. */
const fraction = (word: number): number => (word + 0.5) * 2 ** -32;
const fraction53 = (high: number, low: number): number => ((high >>> 5) * 2 ** 26 + (low >>> 6) + 0.5) * 2 ** -53;

/** Fills y with draws that depend on x: undefined where the words of a block give none, and its next branch has to. */
const generateFrom =
  (draw: (x: number, words: Uint32Array) => number | undefined): Kernel =>
  ([y, x], [seed, counter]) => {
    const from = read(x);
    const { values, done } = writable(y);
    for (let i = 0; i < values.length; i++) {
      let value: number | undefined;
      for (let branch = 0; value === undefined; branch++) {
        value = draw(from[i], philox(seed, counter + i, branch));
      }
      values[i] = value;
    }
    done();
  };

/** A number of the gamma distribution: Marsaglia, Tsang 2000, doi:10.1145/358407.358414, sections 3 and 6. */
function drawGamma(a: number, words: Uint32Array): number | undefined {
  if (!(a > 0 && a < Infinity)) return Number.NaN;
  const d = (a < 1 ? a + 1 : a) - 1 / 3;
  const x = Math.sqrt(-2 * Math.log((words[0] + 1) * 2 ** -32)) * Math.cos(2 * Math.PI * (words[1] * 2 ** -32));
  const root = 1 + x / Math.sqrt(9 * d);
  const v = root * root * root;
  const u = fraction(words[2]);
  const square = x * x;
  if (!(v > 0)) return undefined;
  if (u >= 1 - 0.0331 * square * square && Math.log(u) >= 0.5 * square + d * (1 - v + Math.log(v))) return undefined;
  return a < 1 ? d * v * Math.exp(Math.log(fraction(words[3])) / a) : d * v;
}

/** A number of the Poisson distribution: search in order, or Hörmann 1993, doi:10.1016/0167-6687(93)90997-4, PTRS. */
function drawPoisson(rate: number, words: Uint32Array): number | undefined {
  const u = fraction53(words[0], words[1]);
  if (!(rate >= 10)) {
    let value = rate >= 0 ? 0 : Number.NaN;
    let left = u;
    for (let probability = Math.exp(-rate); left > probability && value < 100; probability *= rate / value) {
      left -= probability;
      value += 1;
    }
    return value;
  }
  if (rate === Infinity) return rate;
  const v = fraction53(words[2], words[3]);
  const centred = u - 0.5;
  const us = 0.5 - Math.abs(centred);
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const value = Math.floor(((2 * a) / us + b) * centred + rate + 0.43);
  if (us >= 0.07 && v <= 0.9277 - 3.6224 / (b - 2)) return value;
  if (value < 0 || (us < 0.013 && v > us)) return undefined;
  const height = Math.log((v * (1.1239 + 1.1328 / (b - 3.4))) / (a / (us * us) + b));
  return height <= value * Math.log(rate) - rate - lgamma(value + 1) ? value : undefined;
}

export const randomKernels: KernelTable = {
  uniform: (views, numbers) => (views[0].dtype === 'float64' ? uniform64 : uniform32)(views, numbers),

  /** Two normal numbers from two words. Source: Box, Muller 1958. */
  normal: generate(4, (words, i, mean, std) => {
    const pair = i & ~1;
    const radius = Math.sqrt(-2 * Math.log((words[pair] + 1) * 2 ** -32));
    const angle = 2 * Math.PI * (words[pair + 1] * 2 ** -32);
    return mean + std * (radius * (i === pair ? Math.cos(angle) : Math.sin(angle)));
  }),

  bernoulli: generate(4, (words, i, p) => (words[i] < p * 2 ** 32 ? 1 : 0)),

  randint: generate(4, (words, i, low, high) => low + Math.floor((words[i] * (high - low)) / 2 ** 32)),

  standardGamma: generateFrom(drawGamma),
  poisson: generateFrom(drawPoisson),
};
