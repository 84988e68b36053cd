import { checkInstance, checkIterable, checkObject } from '../core/check.js';
import { ShapeError, ValueError } from '../core/errors.js';
import { show } from '../core/shape.js';
import type { Ranked, Shape } from '../core/types.js';
import { indexSelect } from '../ops/indexing/index_select.js';
import { tensor } from '../tensor/create.js';
import { noGrad } from '../tensor/tape.js';
import { Tensor } from '../tensor/tensor.js';
import { type Collated, collate } from './collate.js';

/** Examples that are known by their position: anything with a length and a way to get one. */
export interface Dataset<Example, Batch = Collated<Example>> {
  readonly length: number;
  get(index: number): Example;
  /** Several examples at once, where that is faster than one by one; a DataLoader uses it instead of `get`. */
  batch?(indices: Int32Array): Batch;
}

type Row<T> =
  T extends Tensor<infer S, infer D>
    ? Tensor<Ranked<S> extends true ? (S extends readonly [number, ...infer R extends Shape] ? R : never) : any, D>
    : never;
/** Some rows of a tensor. */
export type Rows<T> =
  T extends Tensor<infer S, infer D>
    ? Tensor<
        Ranked<S> extends true ? (S extends readonly [number, ...infer R extends Shape] ? [number, ...R] : never) : any,
        D
      >
    : never;

/**
 * Examples that lie in tensors: example i is what stands at i along the first axis of each.
 *
 *     const train = new TensorDataset(images, labels);     // [60000, 784] and [60000]
 *     const [image, label] = train.get(0);                 // [784] and []
 *
 * @throws ShapeError "TensorDataset: tensors must be equally long along the first axis; got shapes [3, 2], [4]"
 */
export class TensorDataset<T extends readonly Tensor[]>
  implements Dataset<{ [K in keyof T]: Row<T[K]> }, { [K in keyof T]: Rows<T[K]> }>
{
  readonly tensors: T;
  readonly length: number;

  constructor(...tensors: T) {
    if (tensors.length === 0) throw new ValueError('TensorDataset: at least one tensor is needed; got none');
    for (const x of tensors) checkInstance('TensorDataset', 'a tensor', x, Tensor);
    const shapes = tensors.map(({ shape }) => show(shape)).join(', ');
    const scalar = tensors.find(({ rank }) => rank === 0);
    if (scalar !== undefined) {
      throw new ShapeError(`TensorDataset: tensors must have a first axis, of examples; got shapes ${shapes}`);
    }
    this.length = tensors[0].shape[0];
    if (tensors.some(({ shape }) => shape[0] !== this.length)) {
      throw new ShapeError(`TensorDataset: tensors must be equally long along the first axis; got shapes ${shapes}`);
    }
    this.tensors = tensors;
  }

  /** Views of the tensors: nothing is copied. */
  get(index: number): { [K in keyof T]: Row<T[K]> } {
    checkIndex('TensorDataset.get', index, this.length);
    const rows = this.tensors.map(
      ({ storage, dtype, shape, strides, offset }) =>
        new Tensor(storage, dtype, shape.slice(1), strides.slice(1), offset + index * strides[0]),
    );
    return rows as unknown as { [K in keyof T]: Row<T[K]> };
  }

  /** Copies of the examples' rows. */
  batch(indices: Int32Array): { [K in keyof T]: Rows<T[K]> } {
    const index = tensor(indices);
    const batches = noGrad(() => this.tensors.map((x: Tensor) => indexSelect(x, 0, index)));
    return batches as unknown as { [K in keyof T]: Rows<T[K]> };
  }
}

/** Several examples as a batch: the dataset's own way, or each one collated. */
export const batchOf = <Example, Batch>(dataset: Dataset<Example, Batch>, indices: Int32Array): Batch =>
  dataset.batch === undefined
    ? (collate(Array.from(indices, (index) => dataset.get(index))) as Batch)
    : dataset.batch(indices);

/** Some of a dataset's examples, in the order given. */
export class Subset<Example, Batch = Collated<Example>> implements Dataset<Example, Batch> {
  readonly #dataset: Dataset<Example, Batch>;
  readonly #indices: Int32Array;

  constructor(dataset: Dataset<Example, Batch>, indices: Iterable<number>) {
    checkDataset('subset', dataset);
    checkIterable('subset', 'indices', indices);
    this.#dataset = dataset;
    this.#indices = Int32Array.from(indices, (index) => {
      checkIndex('subset', index, dataset.length);
      return index;
    });
  }

  get length(): number {
    return this.#indices.length;
  }

  get(index: number): Example {
    checkIndex('subset.get', index, this.length);
    return this.#dataset.get(this.#indices[index]);
  }

  batch(indices: Int32Array): Batch {
    return batchOf(
      this.#dataset,
      indices.map((index) => this.#indices[index]),
    );
  }
}

/**
 * Some of a dataset's examples, in the order given; nothing is copied.
 *
 *     subset(train, [0, 2, 4])
 *
 * @throws ValueError "subset: index must be a whole number from 0 to 9; got 10"
 */
export const subset = <Example, Batch = Collated<Example>>(
  dataset: Dataset<Example, Batch>,
  indices: Iterable<number>,
): Subset<Example, Batch> => new Subset(dataset, indices);

export const checkDataset = (op: string, dataset: Dataset<any, any>): void =>
  checkObject(op, 'the dataset', dataset, ['length', 'get']);

/** A position of one of so many examples. */
export function checkIndex(op: string, index: number, length: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= length) {
    const range = length === 0 ? 'there are no examples' : `index must be a whole number from 0 to ${length - 1}`;
    throw new ValueError(`${op}: ${range}; got ${String(index)}`);
  }
}
