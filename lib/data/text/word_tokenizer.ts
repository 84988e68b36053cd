import { checkOneOf, kindOf } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import type { SpecialIds, Tokenizer } from './specials.js';
import { Vocabulary, type VocabularyOptions } from './vocabulary.js';

export interface WordOptions {
  /** Make letters small; default true. */
  lowerCase?: boolean;
  /** Punctuation marks and symbols: tokens of their own, left out, or left where they stand; default 'separate'. */
  punctuation?: 'separate' | 'drop' | 'attached';
}

/**
 * Runs of letters, marks and digits of any script, with apostrophes inside (don't) and points and commas between digits
 * (3.5); or one other character that is no white space.
 */
const pattern = /[\p{L}\p{M}\p{N}\p{Pc}]+(?:['’][\p{L}\p{M}\p{N}]+|(?<=\p{N})[.,]\p{N}+)*|[^\s\p{L}\p{M}\p{N}\p{Pc}]/gu;
const isWord = /^[\p{L}\p{M}\p{N}\p{Pc}]/u;

/**
 * The words of a text.
 *
 *     splitWords("Don't pay $3.50!")                                      // ["don't", 'pay', '$', '3.50', '!']
 *     splitWords("Don't pay $3.50!", { punctuation: 'attached' })         // ["don't", 'pay', '$3.50!']
 *
 * Scripts without spaces between words (Chinese, Thai) give a word for each run of letters: use characters or byte pairs.
 */
export function splitWords(text: string, options: WordOptions = {}): string[] {
  const { lowerCase = true, punctuation = 'separate' } = options;
  checkOneOf('splitWords', 'punctuation', punctuation, ['separate', 'drop', 'attached']);
  if (typeof text !== 'string') throw new ValueError(`splitWords: the text must be a string; got ${kindOf(text)}`);
  const cased = lowerCase ? text.toLowerCase() : text;
  if (punctuation === 'attached') return cased.split(/\s+/u).filter((word) => word !== '');
  const words = cased.match(pattern) ?? [];
  return punctuation === 'separate' ? [...words] : words.filter((word) => isWord.test(word));
}

/**
 * A token for each word, as `splitWords` finds them. `decode` puts a space between words: what stood there is not known.
 *
 *     const tokenizer = WordTokenizer.train(sentences, { minFrequency: 2 });
 *     tokenizer.encode('a good film .')
 */
export class WordTokenizer implements Tokenizer {
  readonly lowerCase: boolean;
  readonly punctuation: 'separate' | 'drop' | 'attached';

  constructor(
    readonly vocabulary: Vocabulary,
    { lowerCase = true, punctuation = 'separate' }: WordOptions = {},
  ) {
    checkOneOf('WordTokenizer', 'punctuation', punctuation, ['separate', 'drop', 'attached']);
    this.lowerCase = lowerCase;
    this.punctuation = punctuation;
  }

  /** @param options.specials  default { pad: '<pad>', unk: '<unk>' } */
  static train(texts: Iterable<string>, options: WordOptions & VocabularyOptions = {}): WordTokenizer {
    const { specials = { pad: '<pad>', unk: '<unk>' }, ...rest } = options;
    const split = function* () {
      for (const text of texts) yield splitWords(text, rest);
    };
    return new WordTokenizer(Vocabulary.of(split(), { ...rest, specials }), rest);
  }

  get size(): number {
    return this.vocabulary.size;
  }

  get specials(): Readonly<SpecialIds> {
    return this.vocabulary.specials;
  }

  encode(text: string): Int32Array {
    return this.vocabulary.encode(splitWords(text, this));
  }

  decode(ids: ArrayLike<number>): string {
    return this.vocabulary.decode(ids).join(' ');
  }

  toJSON() {
    const { lowerCase, punctuation, vocabulary } = this;
    return { type: 'word', lowerCase, punctuation, vocabulary: vocabulary.toJSON() } as const;
  }
}
