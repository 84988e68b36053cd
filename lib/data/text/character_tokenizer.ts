import type { SpecialIds, Specials, Tokenizer } from './specials.js';
import { Vocabulary } from './vocabulary.js';

/**
 * A token for each character, a Unicode code point.
 *
 *     const tokenizer = CharacterTokenizer.train(text);
 *     tokenizer.decode(tokenizer.encode('To be'))           // 'To be'
 *
 * @throws ValueError by `encode` for a character that `train` did not see, unless there is an unknown token
 */
export class CharacterTokenizer implements Tokenizer {
  constructor(readonly vocabulary: Vocabulary) {}

  /** The characters of a text, ordered by their code points. */
  static train(text: string, { specials = {} }: { specials?: Specials } = {}): CharacterTokenizer {
    const byCode = (a: string, b: string): number => (a.codePointAt(0) as number) - (b.codePointAt(0) as number);
    return new CharacterTokenizer(new Vocabulary([...new Set(text)].sort(byCode), specials));
  }

  get size(): number {
    return this.vocabulary.size;
  }

  get specials(): Readonly<SpecialIds> {
    return this.vocabulary.specials;
  }

  encode(text: string): Int32Array {
    return this.vocabulary.encode(text);
  }

  decode(ids: ArrayLike<number>): string {
    return this.vocabulary.decode(ids).join('');
  }

  toJSON() {
    return { type: 'character', vocabulary: this.vocabulary.toJSON() } as const;
  }
}
