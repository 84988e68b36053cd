import { checkIterable, checkWhole } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { checkId, type SpecialIds, type Specials, specialNames } from './specials.js';

export interface VocabularyOptions {
  /** Leave out what comes less often; whole, ≥ 1; default 1. */
  minFrequency?: number;
  /** Keep at most so many tokens, the special ones included, the most frequent first; whole, ≥ 1; default all. */
  maxSize?: number;
  /** Special tokens; they come first, in the order pad, unk, bos, eos. */
  specials?: Specials;
}

/**
 * Tokens and their ids 0, 1, …
 *
 *     const vocabulary = Vocabulary.of(sentences, { minFrequency: 2, specials: { pad: '<pad>', unk: '<unk>' } });
 *     vocabulary.encode(['a', 'word']);             // Int32Array [4, 17]
 *
 * @throws ValueError "Vocabulary: tokens must be distinct; 'a' comes twice"
 */
export class Vocabulary {
  /** By id. */
  readonly tokens: readonly string[];
  /** Ids of the special tokens that it has. */
  readonly specials: Readonly<SpecialIds>;
  readonly #names: Specials;
  readonly #ids: ReadonlyMap<string, number>;

  /** @param tokens  in their order, without the special ones, which come before them */
  constructor(tokens: Iterable<string>, specials: Specials = {}) {
    checkIterable('Vocabulary', 'tokens', tokens);
    const named = specialNames('Vocabulary', specials);
    this.tokens = [...named.map(([, name]) => name), ...tokens];
    this.specials = Object.fromEntries(named.map(([role], id) => [role, id]));
    this.#names = { ...specials };
    const ids = new Map<string, number>();
    this.tokens.forEach((token, id) => {
      if (ids.has(token)) throw new ValueError(`Vocabulary: tokens must be distinct; '${token}' comes twice`);
      ids.set(token, id);
    });
    this.#ids = ids;
  }

  /** The tokens of sentences, the most frequent first, equally frequent ones by their code units. */
  static of(sentences: Iterable<Iterable<string>>, options: VocabularyOptions = {}): Vocabulary {
    const { minFrequency = 1, maxSize = Infinity, specials = {} } = options;
    checkWhole('Vocabulary.of', 'minFrequency', minFrequency, 1);
    if (maxSize !== Infinity) checkWhole('Vocabulary.of', 'maxSize', maxSize, 1);
    const counts = new Map<string, number>();
    for (const sentence of sentences) for (const token of sentence) counts.set(token, (counts.get(token) ?? 0) + 1);
    const names = specialNames('Vocabulary.of', specials);
    for (const [, name] of names) counts.delete(name);
    const tokens = [...counts]
      .filter(([, count]) => count >= minFrequency)
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .map(([token]) => token);
    return new Vocabulary(tokens.slice(0, Math.max(0, maxSize - names.length)), specials);
  }

  get size(): number {
    return this.tokens.length;
  }

  has(token: string): boolean {
    return this.#ids.has(token);
  }

  /**
   * A token's id; that of the unknown token for one that is not in the vocabulary.
   *
   * @throws ValueError "Vocabulary.id: 'x' is not among the 26 tokens, and there is no unknown one; add specials: { unk: '<unk>' }"
   */
  id(token: string): number {
    const id = this.#ids.get(token) ?? this.specials.unk;
    if (id !== undefined) return id;
    throw new ValueError(
      `Vocabulary.id: '${token}' is not among the ${this.size} tokens, and there is no unknown one; add specials: { unk: '<unk>' }`,
    );
  }

  encode(tokens: Iterable<string>): Int32Array {
    return Int32Array.from(tokens, (token) => this.id(token));
  }

  /** The tokens of ids, without the special ones but the unknown. */
  decode(ids: ArrayLike<number>): string[] {
    const { pad, bos, eos } = this.specials;
    return Array.from(ids)
      .filter((id) => id !== pad && id !== bos && id !== eos)
      .map((id) => {
        checkId('Vocabulary.decode', id, this.size);
        return this.tokens[id];
      });
  }

  toJSON(): { tokens: readonly string[]; specials: Specials } {
    return { tokens: this.tokens.slice(Object.keys(this.specials).length), specials: this.#names };
  }
}
