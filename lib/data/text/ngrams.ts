import { checkWhole } from '../../core/check.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkId } from './specials.js';

/**
 * All runs of n neighbours: of a, b, c with n = 2: [a, b], [b, c]. None, if there are fewer than n.
 *
 * @param tokens  words, characters or ids
 * @param n       whole, ≥ 1
 */
export function ngrams<T>(tokens: ArrayLike<T>, n: number): T[][] {
  checkWhole('ngrams', 'n', n, 1);
  const count = Math.max(0, tokens.length - n + 1);
  return Array.from({ length: count }, (_, begin) => Array.from({ length: n }, (_, i) => tokens[begin + i]));
}

/**
 * How often each token comes in each sequence, whatever the order.
 *
 * @param sequences  ids 0 … size − 1, one sequence a document
 * @param size       of the vocabulary
 * @returns          [sequences, size] float32
 * @throws ValueError "bagOfWords: ids must be whole numbers from 0 to 9; got 10"
 * @source Harris 1954, "Distributional structure"; named by lecture notes 004
 */
export function bagOfWords(sequences: readonly ArrayLike<number>[], size: number): Tensor<[number, number], 'float32'> {
  checkWhole('bagOfWords', 'size', size, 1);
  const counts = new Float32Array(sequences.length * size);
  sequences.forEach((ids, row) => {
    for (let i = 0; i < ids.length; i++) {
      checkId('bagOfWords', ids[i], size);
      counts[row * size + ids[i]]++;
    }
  });
  return fromStorage(counts, [sequences.length, size], 'float32');
}
