export { type BytePairOptions, BytePairTokenizer } from './byte_pair_tokenizer.js';
export { CharacterTokenizer } from './character_tokenizer.js';
export { bagOfWords, ngrams } from './ngrams.js';
export { type Padded, type PadOptions, padSequences } from './pad_sequences.js';
export type { SpecialIds, Specials, Tokenizer } from './specials.js';
export { loadTokenizer, saveTokenizer } from './tokenizer_file.js';
export { Vocabulary, type VocabularyOptions } from './vocabulary.js';
export { splitWords, type WordOptions, WordTokenizer } from './word_tokenizer.js';
