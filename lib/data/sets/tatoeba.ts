import { checkPath } from '../../core/check.js';
import { FormatError } from '../../core/errors.js';
import { linesOf, readTextFile } from './text_file.js';

/** A sentence and its translation. */
export interface Translation {
  source: string;
  target: string;
  /** Whose they are: the licence, CC BY 2.0 FR, asks to keep it wherever the sentences go. */
  attribution: string;
}

/**
 * Reads pairs of sentences as manythings.org gives out those of Tatoeba: UTF-8, a pair a line, three columns separated by
 * tabs, e.g. English, French and the attribution.
 *
 * @param path  of the file, e.g. eng-fra.txt
 * @throws FormatError "readTatoeba: eng-fra.txt: a line must have 3 columns; line 7 has 2"
 * @source https://www.manythings.org/anki, from https://tatoeba.org
 */
export async function readTatoeba(path: string): Promise<Translation[]> {
  checkPath('readTatoeba', path);
  return linesOf(await readTextFile('readTatoeba', path, 'utf-8')).map((line, i) => {
    const columns = line.split('\t');
    if (columns.length !== 3) {
      throw new FormatError(`readTatoeba: ${path}: a line must have 3 columns; line ${i + 1} has ${columns.length}`);
    }
    const [source, target, attribution] = columns;
    if (source === '' || target === '') {
      throw new FormatError(`readTatoeba: ${path}: a sentence must not be empty; one of line ${i + 1} is`);
    }
    return { source, target, attribution };
  });
}
