import { join } from 'node:path';
import { checkPath } from '../../core/check.js';
import { FormatError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { readIdx } from '../../io/idx.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { findFile, readTable } from './files.js';

/** Handwritten characters of many alphabets, each by twenty people. */
export interface Omniglot {
  /** 0 for background, 255 for ink. */
  images: Tensor<[number, 105, 105], 'uint8'>;
  /** Which character: a position in `characters`. */
  labels: Tensor<[number], 'int32'>;
  /** Who drew it, from 1. */
  drawers: Tensor<[number], 'int32'>;
  characters: readonly { readonly alphabet: string; readonly character: string }[];
}

/**
 * Reads Omniglot as an IDX file of pictures, `images-idx3-ubyte`, plain or gzip, and a table, `index.csv`, with a line for
 * each: class, alphabet, character, drawer. Needs the package csv-parse.
 *
 * @throws FormatError for a file that is missing, of another shape, or classes that are not numbered in turn
 * @source Lake, Salakhutdinov, Tenenbaum 2015, doi:10.1126/science.aab3050
 */
export async function readOmniglot(folder: string): Promise<Omniglot> {
  checkPath('readOmniglot', folder);
  const path = await findFile('readOmniglot', folder, 'images-idx3-ubyte');
  const { dtype, shape, data } = await readIdx(path);
  const index = join(folder, 'index.csv');
  const table = await readTable('readOmniglot', index, {
    class: 'integer',
    alphabet: 'string',
    character: 'string',
    drawer: 'integer',
  });
  if (dtype !== 'uint8' || shape.length !== 3 || shape[1] !== 105 || shape[2] !== 105) {
    throw new FormatError(`readOmniglot: ${path} must hold uint8 [n, 105, 105]; it holds ${dtype} ${show(shape)}`);
  }
  if (table.length !== shape[0]) {
    throw new FormatError(
      `readOmniglot: ${index} must have ${shape[0]} rows, one for every picture; it has ${table.length}`,
    );
  }
  const classes = table.column('class').values as Int32Array<ArrayBuffer>;
  const [alphabets, names] = ['alphabet', 'character'].map((name) => table.column(name).values as readonly string[]);
  const characters: { alphabet: string; character: string }[] = [];
  classes.forEach((label, i) => {
    if (label === characters.length) characters.push({ alphabet: alphabets[i], character: names[i] });
    const known = characters[label];
    if (known?.alphabet !== alphabets[i] || known.character !== names[i]) {
      throw new FormatError(
        `readOmniglot: ${index}: row ${i + 1}: classes must be numbered in turn, one a character; got ${label} for ${alphabets[i]}, ${names[i]}`,
      );
    }
  });
  const count = shape[0];
  const drawers = table.column('drawer').values as Int32Array<ArrayBuffer>;
  return {
    images: fromStorage(data as Uint8Array, [count, 105, 105], 'uint8'),
    labels: fromStorage(classes, [count], 'int32'),
    drawers: fromStorage(drawers, [count], 'int32'),
    characters,
  };
}
