import { ValueError } from '../../core/errors.js';
import { defaultGenerator, type Generator } from '../../core/random.js';
import type { Count } from '../../core/types.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { randint } from './random.js';

/**
 * The numbers 0 … n − 1 in random order, each order equally likely.
 *
 * @param n  whole, 0 ≤ n < 2³¹
 * @returns  [n] int32
 * @throws ValueError "randperm: n must be a whole number from 0 to 2147483647; got -1"
 * @source Durstenfeld 1964, doi:10.1145/364520.364540: the shuffle of Fisher and Yates in place
 */
export function randperm<const N extends number>(
  n: N,
  { generator = defaultGenerator() }: { generator?: Generator } = {},
): Tensor<[Count<N>], 'int32'> {
  if (!Number.isInteger(n) || n < 0 || n >= 2 ** 31) {
    throw new ValueError(`randperm: n must be a whole number from 0 to ${2 ** 31 - 1}; got ${n}`);
  }
  const next = wordsOf(generator, n);
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = below(i + 1, next);
    const value = order[i];
    order[i] = order[j];
    order[j] = value;
  }
  return fromStorage(order, [n], 'int32');
}

/** A whole number in 0 … bound − 1, all equally likely: words of an incomplete last run of `bound` are drawn again. */
function below(bound: number, next: () => number): number {
  for (;;) {
    const word = next();
    const value = word % bound;
    if (word - value + bound <= 2 ** 32) return value;
  }
}

/** A function that gives the generator's 32-bit words, drawn `bulk` at a time. */
function wordsOf(generator: Generator, bulk: number): () => number {
  let words = new Int32Array(0);
  let used = 0;
  return () => {
    if (used === words.length) {
      words = randint(-(2 ** 31), 2 ** 31, [bulk], { generator }).data() as Int32Array<ArrayBuffer>;
      used = 0;
    }
    return words[used++] + 2 ** 31;
  };
}
