import { checkPath } from '../../core/check.js';
import { AdjointError, FormatError } from '../../core/errors.js';
import { writeFileAtomic } from '../../io/atomic.js';
import { FileSource } from '../../io/source.js';
import { BytePairTokenizer } from './byte_pair_tokenizer.js';
import { CharacterTokenizer } from './character_tokenizer.js';
import type { Tokenizer } from './specials.js';
import { Vocabulary } from './vocabulary.js';
import { WordTokenizer } from './word_tokenizer.js';

/** Writes a tokeniser to a JSON file, whole or not at all; `loadTokenizer` reads it. */
export async function saveTokenizer(path: string, tokenizer: Tokenizer): Promise<void> {
  checkPath('saveTokenizer', path);
  await writeFileAtomic(path, JSON.stringify(tokenizer));
}

/**
 * Reads a tokeniser that `saveTokenizer` wrote; it encodes as the one that was saved.
 *
 *     const tokenizer = await loadTokenizer('tokenizer.json');
 *
 * @throws FormatError "loadTokenizer: words.json is no tokenizer of this library: type must be …"
 */
export async function loadTokenizer(path: string): Promise<Tokenizer> {
  checkPath('loadTokenizer', path);
  const bytes = await FileSource.with('loadTokenizer', path, (file) => file.head(file.size));
  try {
    return tokenizerOf(JSON.parse(Buffer.from(bytes.buffer).toString()));
  } catch (cause) {
    if (!(cause instanceof AdjointError || cause instanceof SyntaxError)) throw cause;
    throw new FormatError(`loadTokenizer: ${path} is no tokenizer of this library: ${cause.message}`, { cause });
  }
}

/** A tokeniser of what `JSON.parse` made of its text. */
function tokenizerOf(json: unknown): Tokenizer {
  const { type, ...fields } = record('the file', json);
  if (type === 'character') return new CharacterTokenizer(vocabularyOf(fields.vocabulary));
  if (type === 'word') {
    const { lowerCase, punctuation } = fields;
    if (typeof lowerCase !== 'boolean') throw new FormatError(`lowerCase must be true or false; got ${lowerCase}`);
    return new WordTokenizer(vocabularyOf(fields.vocabulary), { lowerCase, punctuation: punctuation as 'drop' });
  }
  if (type === 'byte-pair') {
    const merges = list('merges', fields.merges, isPair, 'pairs of ids');
    return new BytePairTokenizer(merges, specialsOf(fields.specials));
  }
  throw new FormatError(`type must be 'character', 'word' or 'byte-pair'; got ${JSON.stringify(type)}`);
}

function vocabularyOf(json: unknown): Vocabulary {
  const { tokens, specials } = record('vocabulary', json);
  return new Vocabulary(list('tokens', tokens, isText, 'texts'), specialsOf(specials));
}

function specialsOf(json: unknown): Record<string, string> {
  const specials = record('specials', json);
  list('specials', Object.values(specials), isText, 'texts');
  return specials as Record<string, string>;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isPair = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every((id) => typeof id === 'number');

function record(name: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new FormatError(`${name} must be an object; got ${JSON.stringify(value)?.slice(0, 40)}`);
}

function list<T>(name: string, value: unknown, is: (item: unknown) => item is T, what: string): T[] {
  if (Array.isArray(value) && value.every(is)) return value;
  throw new FormatError(`${name} must be an array of ${what}; got ${JSON.stringify(value)?.slice(0, 40)}`);
}
