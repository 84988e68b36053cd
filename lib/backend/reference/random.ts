import { philox } from '../../core/random.js';
import { type Kernel, type KernelTable, writable } from './loops.js';

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
};
