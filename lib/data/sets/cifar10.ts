import { checkInstance, checkPath } from '../../core/check.js';
import { FormatError } from '../../core/errors.js';
import { inflate, isGzip } from '../../io/gzip.js';
import { FileSource } from '../../io/source.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { findFile } from './files.js';

/** Colour pictures, and what they show: positions in `cifar10Classes`. */
export interface Cifar10 {
  images: Tensor<[number, 3, 32, 32], 'uint8'>;
  labels: Tensor<[number], 'int32'>;
}

/** What the pictures show, by label. */
export const cifar10Classes = [
  ...['airplane', 'automobile', 'bird', 'cat', 'deer'],
  ...['dog', 'frog', 'horse', 'ship', 'truck'],
] as const;

const imageBytes = 3 * 32 * 32;
const recordBytes = 1 + imageBytes;
/** Of the whole set; what inflates to more is another thing. */
const mostRecords = 60_000;

/**
 * Reads CIFAR-10 in its binary version: the files of `data_batch_1.bin` … `data_batch_5.bin` and `test_batch.bin`, plain or
 * gzip (told apart by content).
 *
 * @param options.train  the names of other files, such as those of a part of the set
 * @throws FormatError for a file that is missing, no whole number of records, or has a label beyond 9
 * @source Krizhevsky 2009, "Learning multiple layers of features from tiny images"; its page, "Binary version"
 */
export async function readCifar10(
  folder: string,
  {
    train = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`),
    test = ['test_batch.bin'],
  }: { train?: readonly string[]; test?: readonly string[] } = {},
): Promise<{ train: Cifar10; test: Cifar10 }> {
  checkPath('readCifar10', folder);
  return { train: await readFiles(folder, train), test: await readFiles(folder, test) };
}

async function readFiles(folder: string, names: readonly string[]): Promise<Cifar10> {
  const parts: Uint8Array[] = [];
  for (const name of names) {
    const path = await findFile('readCifar10', folder, name);
    parts.push(records(await FileSource.with('readCifar10', path, (file) => file.head(file.size)), path));
  }
  return imagesOf(parts);
}

/** As `readCifar10`, one file from memory; `name` is what errors call it. */
export function decodeCifar10(bytes: Uint8Array, name = 'bytes'): Cifar10 {
  checkInstance('decodeCifar10', 'bytes', bytes, Uint8Array);
  return imagesOf([records(bytes, name)]);
}

/** The records of a file, checked. */
function records(bytes: Uint8Array, name: string): Uint8Array {
  const fail = (text: string, cause?: unknown) => new FormatError(`cifar10: ${name}: ${text}`, { cause });
  const limit = () => mostRecords * recordBytes;
  const plain = isGzip(bytes) ? inflate(bytes, { limit, fail }) : bytes;
  const count = plain.length / recordBytes;
  if (!Number.isInteger(count) || count < 1 || count > mostRecords) {
    throw fail(`a file must have 1 … ${mostRecords} records of ${recordBytes} bytes; got ${plain.length} bytes`);
  }
  for (let i = 0; i < count; i++) {
    const label = plain[i * recordBytes];
    if (label > 9) throw fail(`labels must be 0 … 9; label ${i} is ${label}`);
  }
  return plain;
}

function imagesOf(parts: readonly Uint8Array[]): Cifar10 {
  const count = parts.reduce((sum, { length }) => sum + length / recordBytes, 0);
  const images = new Uint8Array(count * imageBytes);
  const labels = new Int32Array(count);
  let i = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += recordBytes, i++) {
      labels[i] = part[at];
      images.set(part.subarray(at + 1, at + recordBytes), i * imageBytes);
    }
  }
  return { images: fromStorage(images, [count, 3, 32, 32], 'uint8'), labels: fromStorage(labels, [count], 'int32') };
}
