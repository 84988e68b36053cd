import { checkWhole } from '../../core/check.js';
import type { Stateful } from '../../core/state.js';
import { type Collated, collate } from '../collate.js';
import { checkDataset } from '../dataset.js';
import { DataLoader, type DataLoaderOptions, type DataLoaderState } from '../loader.js';
import { prefetch } from './prefetch.js';

/** Examples that are known by their position and take time to get: pictures to decode, rows of a file. */
export interface AsyncDataset<Example, Batch = Collated<Example>> {
  readonly length: number;
  get(index: number): Promise<Example>;
  /** Several examples at once, where that is faster than one by one; a loader uses it instead of `get`. */
  batch?(indices: Int32Array): Promise<Batch>;
}

export interface AsyncDataLoaderOptions extends DataLoaderOptions {
  /** Batches that are made while one is used; whole, ≥ 1; default 2. */
  ahead?: number;
}

/**
 * A DataLoader of examples that are awaited: the same batches in the same order, made ahead of their use. Each
 * `for await` loop is one epoch.
 *
 *     const loader = new AsyncDataLoader(new ImageFolder('pets', { size: [64, 64] }), { batchSize: 32, shuffle: true });
 *     await trainer.fit(loader, { epochs: 10 });
 *
 * `stateDict` tells of the batches that were handed out, not of those that wait.
 */
export class AsyncDataLoader<Example, Batch = Collated<Example>>
  implements AsyncIterable<Batch>, Stateful<DataLoaderState>
{
  readonly #dataset: AsyncDataset<Example, Batch>;
  readonly #collate: ((examples: Example[]) => Batch) | undefined;
  readonly #ahead: number;
  /** Decides which examples make a batch. */
  readonly #order: DataLoader<number, Int32Array>;
  #state: DataLoaderState;

  /** @param options.collate  makes a batch of examples; default: the dataset's `batch`, else tensors are stacked */
  constructor(
    dataset: AsyncDataset<Example, any>,
    options: AsyncDataLoaderOptions & { collate: (examples: Example[]) => Batch },
  );
  constructor(dataset: AsyncDataset<Example, Batch>, options?: AsyncDataLoaderOptions);
  constructor(
    dataset: AsyncDataset<Example, Batch>,
    options: AsyncDataLoaderOptions & { collate?: (examples: Example[]) => Batch } = {},
  ) {
    const { ahead = 2, collate: own, ...order } = options;
    checkWhole('AsyncDataLoader', 'ahead', ahead, 1);
    checkDataset('AsyncDataLoader', dataset);
    this.#dataset = dataset;
    this.#collate = own;
    this.#ahead = ahead;
    const indices = { length: dataset.length, get: (index: number) => index, batch: (some: Int32Array) => some };
    this.#order = new DataLoader(indices, order);
    this.#state = this.#order.stateDict();
  }

  /** Batches an epoch. */
  get length(): number {
    return this.#order.length;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    for await (const [batch, state] of prefetch(this.#batches(), this.#ahead)) {
      this.#state = state;
      yield batch;
    }
    this.#state = this.#order.stateDict();
  }

  /** The position, to go on from. */
  stateDict(): DataLoaderState {
    return this.#state;
  }

  /** See `DataLoader.loadStateDict`. */
  loadStateDict(state: DataLoaderState): void {
    this.#order.loadStateDict(state);
    this.#state = state;
  }

  async *#batches(): AsyncGenerator<[Batch, DataLoaderState], void, undefined> {
    for (const indices of this.#order) {
      const state = this.#order.stateDict();
      yield [await this.#fetch(indices), state];
    }
  }

  async #fetch(indices: Int32Array): Promise<Batch> {
    if (this.#collate === undefined && this.#dataset.batch !== undefined) return this.#dataset.batch(indices);
    const examples = await Promise.all(Array.from(indices, (index) => this.#dataset.get(index)));
    return this.#collate === undefined ? (collate(examples) as Batch) : this.#collate(examples);
  }
}
