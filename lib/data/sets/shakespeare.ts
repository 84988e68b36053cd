import { join } from 'node:path';
import { checkPath } from '../../core/check.js';
import { readTextFile } from './text_file.js';

/**
 * Reads the text "Tiny Shakespeare", `input.txt` in a folder: 1,115,394 ASCII characters, 65 of them different. The first
 * nine tenths are to learn from, the rest to validate on.
 *
 * @throws FormatError for a file that is missing, no UTF-8, or breaks off
 * @source Karpathy 2015, "The unreasonable effectiveness of recurrent neural networks"; shares as his nanoGPT
 */
export async function readShakespeare(folder: string): Promise<{ train: string; validation: string }> {
  checkPath('readShakespeare', folder);
  const text = await readTextFile('readShakespeare', join(folder, 'input.txt'), 'utf-8');
  const end = Math.floor(0.9 * text.length);
  return { train: text.slice(0, end), validation: text.slice(end) };
}
