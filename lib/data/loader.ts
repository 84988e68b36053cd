import { checkWhole } from '../core/check.js';
import { FormatError, ValueError } from '../core/errors.js';
import type { Collated } from './collate.js';
import { batchOf, checkDataset, type Dataset } from './dataset.js';
import { type BatchSampler, inTurn, type Sampler, shuffled } from './samplers/sampler.js';
import { drawSeed, streamOf } from './seeds.js';

export interface DataLoaderOptions {
  /** Examples a batch; whole, ≥ 1; default 1. */
  batchSize?: number;
  /** Visit the examples in a random order, another one each epoch; default false. */
  shuffle?: boolean;
  /** Where the orders come from; whole, ≥ 0; default: drawn from the default generator. */
  seed?: number;
  /** Leave out a last batch that is smaller than the others; default false. */
  dropLast?: boolean;
  /** Which examples an epoch visits, and in which order, instead of `shuffle`; default: each once. */
  sampler?: Sampler;
  /** Which examples an epoch's batches are made of, instead of `batchSize`, `shuffle`, `dropLast` and `sampler`. */
  batchSampler?: BatchSampler;
}

/** Where a loader stands; what a checkpoint keeps. */
export interface DataLoaderState {
  seed: number;
  /** Epochs begun before the current one. */
  epoch: number;
  /** Batches of this epoch that were handed out. */
  batch: number;
}

/**
 * Hands out a dataset in batches. Each `for` loop is one epoch:
 *
 *     const loader = new DataLoader(new TensorDataset(images, labels), { batchSize: 64, shuffle: true, seed: 1 });
 *     for (const [x, y] of loader) …                       // [64, 784] and [64]
 *
 * The order depends on seed and epoch alone, so that `stateDict`, taken anywhere in a loop, is three numbers, and a loader
 * that loads it hands out exactly the batches that were left. A loop that is left by `break` ends its epoch for the next
 * loop, but not for `stateDict`: a run that stops in the middle goes on there. A sampler gets its random numbers from the
 * loader, a stream for each epoch, and so keeps to the same rule.
 *
 * @throws ValueError for an empty dataset, options that leave no batch, or a sampler's index that is no example's
 */
export class DataLoader<Example, Batch = Collated<Example>> implements Iterable<Batch> {
  readonly #dataset: Dataset<Example, Batch>;
  readonly #collate: ((examples: Example[]) => Batch) | undefined;
  readonly #batchSize: number;
  readonly #sampler: Sampler;
  readonly #batchSampler: BatchSampler | undefined;
  /** Batches an epoch. */
  readonly length: number;
  #seed: number;
  #epoch = 0;
  #batch = 0;
  /** Whether the next loop goes on at the position, because it was loaded. */
  #resumes = false;

  /** @param options.collate  makes a batch of examples; default: the dataset's `batch`, else tensors are stacked */
  constructor(dataset: Dataset<Example, any>, options: DataLoaderOptions & { collate: (examples: Example[]) => Batch });
  constructor(dataset: Dataset<Example, Batch>, options?: DataLoaderOptions);
  constructor(
    dataset: Dataset<Example, Batch>,
    options: DataLoaderOptions & { collate?: (examples: Example[]) => Batch } = {},
  ) {
    const { batchSize = 1, shuffle = false, dropLast = false, sampler, batchSampler } = options;
    checkDataset('DataLoader', dataset);
    checkWhole('DataLoader', 'batchSize', batchSize, 1);
    const random = shuffle || sampler !== undefined || batchSampler !== undefined;
    const { seed = random ? drawSeed() : 0 } = options;
    checkWhole('DataLoader', 'seed', seed, 0);
    if (dataset.length === 0) throw new ValueError('DataLoader: the dataset must have examples; got none');
    refuseBeside('sampler', options, ['shuffle']);
    refuseBeside('batchSampler', options, ['batchSize', 'shuffle', 'dropLast', 'sampler']);
    this.#dataset = dataset;
    this.#collate = options.collate;
    this.#batchSize = batchSize;
    this.#sampler = sampler ?? (shuffle ? shuffled(dataset.length) : inTurn(dataset.length));
    this.#batchSampler = batchSampler;
    this.#seed = seed;
    const { length } = this.#sampler;
    if (dropLast && length < batchSize) {
      throw new ValueError(
        `DataLoader: dropLast leaves no batch of ${batchSize} from ${length} examples; use a batchSize of at most ${length}`,
      );
    }
    this.length = batchSampler?.length ?? (dropLast ? Math.floor(length / batchSize) : Math.ceil(length / batchSize));
  }

  *[Symbol.iterator](): IterableIterator<Batch> {
    if (!this.#resumes && this.#batch > 0) this.#startEpoch(this.#epoch + 1);
    this.#resumes = false;
    const epoch = this.#epoch;
    const batchAt = this.#batches(epoch);
    for (let i = this.#batch; i < this.length; i++) {
      const batch = this.#fetch(batchAt(i));
      // Before the batch is handed out: a state that is saved in the loop's body counts it as done.
      this.#batch = i + 1;
      yield batch;
    }
    this.#startEpoch(epoch + 1);
  }

  /** The position, to go on from. */
  stateDict(): DataLoaderState {
    return { seed: this.#seed, epoch: this.#epoch, batch: this.#batch };
  }

  /**
   * The next loop goes on where the state was taken, with the batches that were left of that epoch.
   *
   * @throws FormatError if it cannot be this loader's: batches beyond its length, or no whole numbers
   */
  loadStateDict({ seed, epoch, batch }: DataLoaderState): void {
    for (const [name, value] of Object.entries({ seed, epoch, batch })) {
      checkWhole('DataLoader.loadStateDict', name, value, 0, FormatError);
    }
    if (batch > this.length) {
      throw new FormatError(
        `DataLoader.loadStateDict: the state is at batch ${batch}, an epoch has ${this.length}; use the same dataset and batchSize`,
      );
    }
    this.#seed = seed;
    this.#epoch = epoch;
    this.#batch = batch;
    this.#resumes = true;
  }

  #startEpoch(epoch: number): void {
    this.#epoch = epoch;
    this.#batch = 0;
  }

  /** What gives the examples of an epoch's i-th batch. */
  #batches(epoch: number): (i: number) => Int32Array {
    const generator = streamOf(this.#seed, epoch);
    if (this.#batchSampler !== undefined) {
      const batches = this.#batchSampler.batches(generator);
      checkCount('batchSampler', 'batches', batches.length, this.length);
      for (const batch of batches) this.#checkIndices('batchSampler', batch);
      return (i) => batches[i];
    }
    const order = this.#sampler.order(generator);
    checkCount('sampler', 'examples', order.length, this.#sampler.length);
    this.#checkIndices('sampler', order);
    return (i) => order.subarray(i * this.#batchSize, (i + 1) * this.#batchSize);
  }

  #checkIndices(from: string, indices: Int32Array): void {
    const { length } = this.#dataset;
    for (let i = 0; i < indices.length; i++) {
      if (indices[i] >= 0 && indices[i] < length) continue;
      throw new ValueError(`DataLoader: the ${from}'s indices must be from 0 to ${length - 1}; got ${indices[i]}`);
    }
  }

  #fetch(indices: Int32Array): Batch {
    if (this.#collate === undefined) return batchOf(this.#dataset, indices);
    return this.#collate(Array.from(indices, (index) => this.#dataset.get(index)));
  }
}

function refuseBeside(given: keyof DataLoaderOptions, options: DataLoaderOptions, others: (keyof DataLoaderOptions)[]) {
  if (options[given] === undefined) return;
  const other = others.find((name) => options[name] !== undefined);
  if (other !== undefined) {
    throw new ValueError(`DataLoader: ${other} is ${given}'s to decide; got both; leave one of them out`);
  }
}

function checkCount(from: string, what: string, count: number, length: number): void {
  if (count !== length) {
    throw new ValueError(`DataLoader: the ${from} must give as many ${what} as its length ${length}; got ${count}`);
  }
}
