import { join } from 'node:path';
import { checkPath } from '../../core/check.js';
import { FormatError } from '../../core/errors.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { linesOf, readTextFile } from './text_file.js';

export interface Polarity {
  /** Lower-case, words and punctuation marks separated by spaces. */
  sentences: string[];
  /** [n] int32: 0 negative, 1 positive. */
  labels: Tensor<[number], 'int32'>;
}

/**
 * Reads the sentence polarity set, 5,331 negative and as many positive sentences of film reviews: `rt-polarity.neg` and
 * `rt-polarity.pos` in a folder, a sentence a line; the negative ones first.
 *
 * @param options.encoding  default 'utf-8', which most copies are in; its authors' own files are 'windows-1252'
 * @throws FormatError for a file that is missing, in another encoding, empty or broken off
 * @source Pang, Lee 2005, "Seeing stars", doi:10.3115/1219840.1219855; sentence polarity dataset v1.0
 */
export async function readPolarity(
  folder: string,
  { encoding = 'utf-8' }: { encoding?: 'utf-8' | 'windows-1252' } = {},
): Promise<Polarity> {
  checkPath('readPolarity', folder);
  const negative = await readSentences(join(folder, 'rt-polarity.neg'), encoding);
  const positive = await readSentences(join(folder, 'rt-polarity.pos'), encoding);
  const labels = new Int32Array(negative.length + positive.length).fill(1, negative.length);
  return { sentences: [...negative, ...positive], labels: fromStorage(labels, [labels.length], 'int32') };
}

async function readSentences(path: string, encoding: 'utf-8' | 'windows-1252'): Promise<string[]> {
  const sentences = linesOf(await readTextFile('readPolarity', path, encoding)).map((line) => line.trim());
  const empty = sentences.indexOf('');
  if (empty >= 0) throw new FormatError(`readPolarity: ${path}: a line must be a sentence; line ${empty + 1} is empty`);
  return sentences;
}
