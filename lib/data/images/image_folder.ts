import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { FormatError, ValueError } from '../../core/errors.js';
import { type ImageLayout, type ImageOptions, type ImageTensor, readImage } from '../../io/images.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { AsyncDataset } from '../streams/async_loader.js';

/** The files that count as pictures, by their ending. */
const endings = ['.png', '.jpg', '.jpeg', '.gif', '.webp'];

/**
 * Pictures in folders, a folder a class; folders and files in ascending order of their names, decoded when they are asked
 * for. Files of other endings are left out, as are names that begin with a dot. Needs the package sharp.
 *
 *     const pets = new ImageFolder('pets', { size: [64, 64] });      // pets/cat/1.jpg, pets/dog/2.png, …
 *     const loader = new AsyncDataLoader(pets, { batchSize: 32, shuffle: true, seed: 1 });
 *     for await (const [x, y] of loader) …                           // [32, 3, 64, 64] and [32]
 *
 * @param options.transform  makes of a picture what examples hold, e.g. an augmentation; default: the picture itself
 * @throws FormatError for a folder that is missing, or without pictures
 */
export class ImageFolder<L extends ImageLayout = 'chw', X = ImageTensor<L>>
  implements AsyncDataset<[X, Tensor<[], 'int32'>]>
{
  /** Names of the classes; a label is a position here. */
  readonly classes: readonly string[];
  /** Where each picture lies, and its label. */
  readonly files: readonly { readonly path: string; readonly label: number }[];
  readonly #options: ImageOptions & { layout?: L };
  readonly #transform: (image: ImageTensor<L>, index: number) => X;

  constructor(
    folder: string,
    options: ImageOptions & { layout?: L; transform: (image: ImageTensor<L>, index: number) => X },
  );
  constructor(folder: string, options?: ImageOptions & { layout?: L });
  constructor(
    folder: string,
    options: ImageOptions & { layout?: L; transform?: (image: ImageTensor<L>, index: number) => X } = {},
  ) {
    const { transform = (image: ImageTensor<L>) => image as X, ...image } = options;
    this.#options = image;
    this.#transform = transform;
    this.classes = entries(folder)
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    this.files = this.classes.flatMap((name, label) =>
      entries(join(folder, name))
        .filter((entry) => entry.isFile() && endings.includes(extname(entry.name).toLowerCase()))
        .map((entry) => ({ path: join(folder, name, entry.name), label })),
    );
    if (this.files.length === 0) {
      throw new FormatError(
        `ImageFolder: ${folder} must hold a folder of pictures (${endings.join(', ')}) for each class; it has none`,
      );
    }
  }

  get length(): number {
    return this.files.length;
  }

  /** A picture and its label. */
  async get(index: number): Promise<[X, Tensor<[], 'int32'>]> {
    if (!(index in this.files)) {
      throw new ValueError(
        `ImageFolder.get: index must be a whole number from 0 to ${this.length - 1}; got ${String(index)}`,
      );
    }
    const { path, label } = this.files[index];
    return [
      this.#transform(await readImage(path, this.#options), index),
      fromStorage(Int32Array.of(label), [], 'int32'),
    ];
  }
}

/** What a folder holds, in an order that is the same everywhere. */
function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.'))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw new FormatError(`ImageFolder: cannot read the folder ${folder}: ${(cause as Error).message.split(',')[0]}`, {
      cause,
    });
  }
}
