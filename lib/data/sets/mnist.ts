import { checkObject, checkPath } from '../../core/check.js';
import { FormatError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { readIdx } from '../../io/idx.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { TensorDataset } from '../dataset.js';
import { findFile } from './files.js';

/** Images with 0 for background and 255 for ink, and their digits. */
export interface Digits {
  images: Tensor<[number, 28, 28], 'uint8'>;
  labels: Tensor<[number], 'int32'>;
}

/**
 * Reads the MNIST handwritten digits: four IDX files, plain or gzip, under their usual names, e.g.
 * `train-images-idx3-ubyte` or `t10k-labels-idx1-ubyte.gz`.
 *
 * @param folder  that holds the files
 * @throws FormatError for a file that is missing, no IDX file, or of another shape
 * @source LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning applied to document recognition"
 */
export async function readMnist(folder: string): Promise<{ train: Digits; test: Digits }> {
  checkPath('readMnist', folder);
  return { train: await readPart(folder, 'train'), test: await readPart(folder, 't10k') };
}

/**
 * Digits as a dataset of [image, label]: images [1, 28, 28] float32, shifted and scaled by MNIST's mean and deviation.
 */
export function digitDataset(
  digits: Digits,
): TensorDataset<[Tensor<[number, 1, 28, 28], 'float32'>, Tensor<[number], 'int32'>]> {
  checkObject('digitDataset', 'digits', digits, ['images', 'labels']);
  const { images, labels } = digits;
  const standardised = images
    .to('float32')
    .sub(255 * mean)
    .mul(1 / (255 * deviation));
  return new TensorDataset(standardised.reshape([images.shape[0], 1, 28, 28]), labels);
}

/** Of MNIST's training pixels, scaled to 0 … 1. */
const mean = 0.1307;
const deviation = 0.3081;

async function readPart(folder: string, part: 'train' | 't10k'): Promise<Digits> {
  const images = await read(folder, `${part}-images-idx3-ubyte`);
  const labels = await read(folder, `${part}-labels-idx1-ubyte`);
  const count = images.shape[0];
  if (images.dtype !== 'uint8' || images.shape.length !== 3 || images.shape[1] !== 28 || images.shape[2] !== 28) {
    throw new FormatError(
      `readMnist: ${images.path} must hold uint8 [n, 28, 28]; it holds ${images.dtype} ${show(images.shape)}`,
    );
  }
  if (labels.dtype !== 'uint8' || labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw new FormatError(
      `readMnist: ${labels.path} must hold uint8 [${count}], a label for every image; it holds ${labels.dtype} ${show(labels.shape)}`,
    );
  }
  const strange = labels.data.findIndex((label) => label > 9);
  if (strange >= 0) {
    throw new FormatError(
      `readMnist: ${labels.path}: labels must be 0 … 9; label ${strange} is ${labels.data[strange]}`,
    );
  }
  return {
    images: fromStorage(images.data as Uint8Array, [count, 28, 28], 'uint8'),
    labels: fromStorage(Int32Array.from(labels.data), [count], 'int32'),
  };
}

async function read(folder: string, name: string) {
  const path = await findFile('readMnist', folder, name);
  return { path, ...(await readIdx(path)) };
}
