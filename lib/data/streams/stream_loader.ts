import { checkFunction, checkWhole } from '../../core/check.js';
import { FormatError } from '../../core/errors.js';
import type { Stateful } from '../../core/state.js';
import { type Collated, collate } from '../collate.js';
import type { DataLoaderState } from '../loader.js';
import { drawSeed, streamOf } from '../seeds.js';
import { type Items, prefetch } from './prefetch.js';
import { shuffleBuffer } from './shuffle_buffer.js';

export interface StreamLoaderOptions {
  /** Examples a batch; whole, ≥ 1; default 1. */
  batchSize?: number;
  /** Draw each example from so many that wait, another order each epoch: see `shuffleBuffer`; default 1, which changes nothing. */
  shuffle?: number;
  /** Where the orders come from; whole, ≥ 0; default: drawn from the default generator. */
  seed?: number;
  /** Leave out a last batch that is smaller than the others; default false. */
  dropLast?: boolean;
  /** Batches that are made while one is used; whole, ≥ 1; default 2. */
  ahead?: number;
  /** Examples of an epoch, where that is known, for progress; default Infinity. */
  examples?: number;
}

/**
 * Hands out examples that come one after the other in batches: a file larger than memory, a database, a generator. Each
 * `for await` loop is one epoch, for which `begin` gives the examples anew.
 *
 *     async function* rides() {
 *       for await (const table of streamCsv('rides.csv')) {
 *         const rows = new TensorDataset(table.toTensor(['distance', 'hour']), table.toTensor('fare'));
 *         for (let i = 0; i < rows.length; i++) yield rows.get(i);
 *       }
 *     }
 *     const loader = new StreamLoader(rides, { batchSize: 64, shuffle: 10000, seed: 1 });
 *
 * `stateDict` is as DataLoader's: the next loop goes on with the batches that were left, those before it are read again.
 *
 * @param begin  from the epoch's number, from 0, to its examples
 */
export class StreamLoader<Example, Batch = Collated<Example>>
  implements AsyncIterable<Batch>, Stateful<DataLoaderState>
{
  readonly #begin: (epoch: number) => Items<Example>;
  readonly #options: Required<StreamLoaderOptions>;
  readonly #collate: (examples: Example[]) => Batch;
  /** Batches an epoch; Infinity where that is not known. */
  readonly length: number;
  #state: DataLoaderState;
  /** Whether the next loop goes on at the state, because it was loaded. */
  #resumes = false;

  /** @param options.collate  makes a batch of examples; default: tensors are stacked */
  constructor(
    begin: (epoch: number) => Items<Example>,
    options: StreamLoaderOptions & { collate?: (examples: Example[]) => Batch } = {},
  ) {
    const { batchSize = 1, shuffle = 1, dropLast = false, ahead = 2, examples = Infinity } = options;
    const { seed = shuffle > 1 ? drawSeed() : 0, collate: own = collate as (examples: Example[]) => Batch } = options;
    checkFunction('StreamLoader', 'begin', begin);
    for (const [name, value] of Object.entries({ batchSize, shuffle, ahead })) {
      checkWhole('StreamLoader', name, value, 1);
    }
    checkWhole('StreamLoader', 'seed', seed, 0);
    if (examples !== Infinity) checkWhole('StreamLoader', 'examples', examples, 1);
    this.#begin = begin;
    this.#options = { batchSize, shuffle, seed, dropLast, ahead, examples };
    this.#collate = own;
    this.length = dropLast ? Math.floor(examples / batchSize) : Math.ceil(examples / batchSize);
    this.#state = { seed, epoch: 0, batch: 0 };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    if (!this.#resumes && this.#state.batch > 0) this.#state = this.#following();
    this.#resumes = false;
    for await (const batch of prefetch(this.#batches(this.#state), this.#options.ahead)) {
      // Before the batch is handed out: a state that is saved in the loop's body counts it as done.
      this.#state = { ...this.#state, batch: this.#state.batch + 1 };
      yield batch;
    }
    this.#state = this.#following();
  }

  /** The position, to go on from. */
  stateDict(): DataLoaderState {
    return this.#state;
  }

  /** @throws FormatError if it holds no whole numbers */
  loadStateDict({ seed, epoch, batch }: DataLoaderState): void {
    const state = { seed, epoch, batch };
    for (const [name, value] of Object.entries(state)) {
      checkWhole('StreamLoader.loadStateDict', name, value, 0, FormatError);
    }
    this.#state = state;
    this.#resumes = true;
  }

  /** Where the next epoch begins. */
  #following(): DataLoaderState {
    return { ...this.#state, epoch: this.#state.epoch + 1, batch: 0 };
  }

  /** The batches of an epoch that are left. */
  async *#batches({ seed, epoch, batch: done }: DataLoaderState): AsyncGenerator<Batch, void, undefined> {
    const { batchSize, shuffle, dropLast } = this.#options;
    const examples = this.#begin(epoch);
    let batch: Example[] = [];
    let skip = done * batchSize;
    for await (const example of shuffle === 1
      ? examples
      : shuffleBuffer(examples, shuffle, { generator: streamOf(seed, epoch) })) {
      if (skip-- > 0) continue;
      batch.push(example);
      if (batch.length < batchSize) continue;
      yield this.#collate(batch);
      batch = [];
    }
    if (batch.length > 0 && !dropLast) yield this.#collate(batch);
  }
}
