import { checkArray, checkOneOf, checkWhole } from '../../core/check.js';
import { ShapeError } from '../../core/errors.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';

export interface PadOptions {
  /** Tokens of each row; whole, ≥ 0; default: the longest sequence's. */
  length?: number;
  /** What rows are filled up with; default 0. */
  value?: number;
  /** Where: behind the sequence or before it; default 'post'. */
  padding?: 'pre' | 'post';
  /** What is cut off a longer sequence: its beginning or its end; default 'post', the end. */
  truncating?: 'pre' | 'post';
}

export interface Padded {
  /** [n, length] int32 */
  tokens: Tensor<[number, number], 'int32'>;
  /** [n, length]: true where a row was filled up, as `MultiheadAttention` takes its `keyPaddingMask`. */
  mask: Tensor<[number, number], 'bool'>;
  /** [n] int32: tokens of each row that are its sequence's. */
  lengths: Tensor<[number], 'int32'>;
}

/**
 * Sequences of different lengths as one tensor.
 *
 *     const { tokens, mask } = padSequences(sentences.map((s) => tokenizer.encode(s)), { value: tokenizer.specials.pad });
 *
 * @throws ShapeError "padSequences: there must be sequences; got none"
 */
export function padSequences(sequences: readonly ArrayLike<number>[], options: PadOptions = {}): Padded {
  const { value = 0, padding = 'post', truncating = 'post' } = options;
  checkArray('padSequences', 'sequences', sequences);
  const n = sequences.length;
  if (n === 0) throw new ShapeError('padSequences: there must be sequences; got none');
  const { length = sequences.reduce((longest, sequence) => Math.max(longest, sequence.length), 0) } = options;
  checkWhole('padSequences', 'length', length, 0);
  checkWhole('padSequences', 'value', value);
  checkOneOf('padSequences', 'padding', padding, ['pre', 'post']);
  checkOneOf('padSequences', 'truncating', truncating, ['pre', 'post']);
  const tokens = new Int32Array(n * length).fill(value);
  const mask = new Uint8Array(n * length).fill(1);
  const lengths = Int32Array.from(sequences, (sequence) => Math.min(sequence.length, length));
  sequences.forEach((sequence, row) => {
    const kept = lengths[row];
    const from = truncating === 'pre' ? sequence.length - kept : 0;
    const to = row * length + (padding === 'pre' ? length - kept : 0);
    for (let i = 0; i < kept; i++) tokens[to + i] = sequence[from + i];
    mask.fill(0, to, to + kept);
  });
  return {
    tokens: fromStorage(tokens, [n, length], 'int32'),
    mask: fromStorage(mask, [n, length], 'bool'),
    lengths: fromStorage(lengths, [n], 'int32'),
  };
}
