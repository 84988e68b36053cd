import { checkObject } from '../../core/check.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { ArrayData } from '../../io/array_data.js';
import type { ArrayFile } from '../../io/array_file.js';
import { tensorOf } from '../../io/tensors.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { AsyncDataset } from './async_loader.js';

/** A tensor for each file. */
type TensorsOf<F extends readonly ArrayFile[]> = { -readonly [K in keyof F]: Tensor };

/**
 * Examples that stay in files: example i is what stands at row i of each. Memory is needed for the batches alone, so files
 * may be larger than it, shuffled or not. As TensorDataset, for an AsyncDataLoader.
 *
 *     const train = new FileDataset(await openNpy('images.npy'), await openNpy('labels.npy'));
 *     for await (const [x, y] of new AsyncDataLoader(train, { batchSize: 64, shuffle: true, seed: 1 })) …
 *
 * @throws ShapeError "FileDataset: files must have equally many rows; got shapes [3, 2], [4]"
 */
export class FileDataset<F extends readonly ArrayFile[]> implements AsyncDataset<TensorsOf<F>, TensorsOf<F>> {
  readonly files: F;
  readonly length: number;

  constructor(...files: F) {
    if (files.length === 0) throw new ValueError('FileDataset: at least one file is needed; got none');
    for (const file of files) checkObject('FileDataset', 'a file', file, ['length', 'shape']);
    this.length = files[0].length;
    if (files.some(({ length }) => length !== this.length)) {
      const shapes = files.map(({ shape }) => show(shape)).join(', ');
      throw new ShapeError(`FileDataset: files must have equally many rows; got shapes ${shapes}`);
    }
    this.files = files;
  }

  async get(index: number): Promise<TensorsOf<F>> {
    const rows = await Promise.all(this.files.map((file) => file.read(index, index + 1)));
    return rows.map(({ shape, ...row }) => tensorOf({ ...row, shape: shape.slice(1) } as ArrayData)) as TensorsOf<F>;
  }

  /** Neighbouring examples are read at once. */
  async batch(indices: Int32Array): Promise<TensorsOf<F>> {
    const rows = await Promise.all(this.files.map((file) => file.rows(indices)));
    return rows.map(tensorOf) as TensorsOf<F>;
  }
}
