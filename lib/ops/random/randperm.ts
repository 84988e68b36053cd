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
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  let words = order.subarray(n);
  let used = 0;
  for (let i = n - 1; i > 0; i--) {
    // Both are 32-bit numbers without a sign, whose remainder is one instruction.
    const bound = (i + 1) >>> 0;
    let j = 0;
    for (;;) {
      if (used === words.length) {
        words = randint(-(2 ** 31), 2 ** 31, [n], { generator }).data() as Int32Array<ArrayBuffer>;
        used = 0;
      }
      const word = (words[used++] ^ (1 << 31)) >>> 0;
      j = word % bound;
      // Words of an incomplete last run of `bound` are drawn again, so that all of 0 … i are equally likely.
      if (word - j <= 2 ** 32 - bound) break;
    }
    const value = order[i];
    order[i] = order[j];
    order[j] = value;
  }
  return fromStorage(order, [n], 'int32');
}
