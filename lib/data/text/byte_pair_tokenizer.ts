import { checkArray, checkWhole } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { bytesOfText, textOfBytes } from './bytes.js';
import { learnMerges, mergePair, pairKey } from './merges.js';
import { checkId, type SpecialIds, type Specials, specialNames, type Tokenizer } from './specials.js';

export interface BytePairOptions {
  /** How many pairs to merge, beside the 256 bytes; whole, ≥ 0; default 1000. Fewer, if no pair comes twice. */
  merges?: number;
  /** Special tokens; their ids come last. They are never read from a text. */
  specials?: Specials;
}

/**
 * Where a text is cut before pairs are merged, as GPT-2 does it: English endings; words, numbers and other characters, each
 * with the space before; white space. Every character is in one of them. No piece is longer than 64 characters and a space,
 * so that the time for a text grows with its length alone.
 */
const pieces =
  /'(?:[sdmt]|ll|ve|re)| ?[\p{L}\p{M}]{1,64}| ?\p{N}{1,64}| ?[^\s\p{L}\p{M}\p{N}]{1,64}|\s{1,64}(?!\S)|\s{1,64}/gu;

/** Bytes of the longest piece: a space and 64 characters of 4 bytes. No token can be longer. */
const longest = 257;

/** Pieces whose tokens are remembered. */
const cacheLimit = 2 ** 16;

/**
 * Tokens that are frequent sequences of bytes, from single bytes, which can spell anything, to whole words: every text comes
 * back from `decode(encode(text))`.
 *
 *     const tokenizer = BytePairTokenizer.train(text, { merges: 1000 });
 *     await saveTokenizer('tokenizer.json', tokenizer);
 *
 * @source Sennrich, Haddow, Birch 2016, arXiv:1508.07909; on bytes, and where texts are cut: Radford, Wu, Child, Luan, Amodei,
 *   Sutskever 2019, "Language models are unsupervised multitask learners", section 2.2
 */
export class BytePairTokenizer implements Tokenizer {
  readonly merges: readonly (readonly [number, number])[];
  readonly specials: Readonly<SpecialIds>;
  readonly #names: Specials;
  /** The bytes of each token; none of the special ones. */
  readonly #bytes: Uint8Array[];
  /** Which token a pair becomes. The smaller, the earlier the pair is merged. */
  readonly #merged = new Map<number, number>();
  readonly #cache = new Map<string, readonly number[]>();

  /** @param merges  pairs of ids; the i-th becomes 256 + i, and may refer to those before it */
  constructor(merges: readonly (readonly [number, number])[], specials: Specials = {}) {
    checkArray('BytePairTokenizer', 'merges', merges);
    this.merges = merges;
    this.#names = { ...specials };
    this.#bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
    for (const [a, b] of merges) {
      const id = this.#bytes.length;
      for (const part of [a, b]) checkId(`BytePairTokenizer: merge ${id - 256}`, part, id);
      if (this.#merged.has(pairKey(a, b))) {
        throw new ValueError(`BytePairTokenizer: a pair must be merged once; ${a}, ${b} is merged again as ${id}`);
      }
      const { length } = this.#bytes[a];
      if (length + this.#bytes[b].length > longest) {
        throw new ValueError(
          `BytePairTokenizer: a token must be at most ${longest} bytes long; ${a}, ${b}, merged as ${id}, have ${length + this.#bytes[b].length}`,
        );
      }
      this.#merged.set(pairKey(a, b), id);
      this.#bytes.push(Uint8Array.of(...this.#bytes[a], ...this.#bytes[b]));
    }
    const named = specialNames('BytePairTokenizer', specials);
    this.specials = Object.fromEntries(named.map(([role], i) => [role, this.#bytes.length + i]));
  }

  /** Learns the most frequent pairs of a text. */
  static train(text: string, { merges = 1000, specials = {} }: BytePairOptions = {}): BytePairTokenizer {
    checkWhole('BytePairTokenizer.train', 'merges', merges, 0);
    const counts = new Map<string, number>();
    for (const piece of text.match(pieces) ?? []) counts.set(piece, (counts.get(piece) ?? 0) + 1);
    const words = Array.from(counts, ([piece, count]) => ({ symbols: [...bytesOfText(piece)], count }));
    return new BytePairTokenizer(learnMerges(words, 256, merges), specials);
  }

  get size(): number {
    return this.#bytes.length + Object.keys(this.specials).length;
  }

  encode(text: string): Int32Array {
    const ids: number[] = [];
    for (const piece of text.match(pieces) ?? []) for (const id of this.#encodePiece(piece)) ids.push(id);
    return Int32Array.from(ids);
  }

  /** Ids in an order that is no text's may give bytes that are none: U+FFFD stands for them. */
  decode(ids: ArrayLike<number>): string {
    const parts = Array.from(ids, (id) => {
      checkId('BytePairTokenizer.decode', id, this.size);
      return this.#bytes[id] ?? new Uint8Array(0);
    });
    return textOfBytes(Buffer.concat(parts));
  }

  toJSON() {
    return { type: 'byte-pair', merges: this.merges, specials: this.#names } as const;
  }

  #encodePiece(piece: string): readonly number[] {
    const known = this.#cache.get(piece);
    if (known !== undefined) return known;
    let symbols = [...bytesOfText(piece)];
    for (;;) {
      let earliest = Infinity;
      for (let i = 0; i + 1 < symbols.length; i++) {
        const id = this.#merged.get(pairKey(symbols[i], symbols[i + 1]));
        if (id !== undefined && id < earliest) earliest = id;
      }
      if (earliest === Infinity) break;
      const [a, b] = this.merges[earliest - 256];
      symbols = mergePair(symbols, a, b, earliest);
    }
    if (this.#cache.size >= cacheLimit) this.#cache.clear();
    this.#cache.set(piece, symbols);
    return symbols;
  }
}
