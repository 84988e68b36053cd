import { checkArray, checkWhole, given } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { randperm } from '../../ops/random/randperm.js';
import type { BatchSampler } from './sampler.js';

export interface BucketSamplerOptions {
  /** Examples a batch; whole, ≥ 1. */
  batchSize: number;
  /** Batches that are sorted together; whole, ≥ 1; more give less padding and less chance; default 100. */
  pool?: number;
  /** Put the examples into pools, and the batches of an epoch, at random; default true. */
  shuffle?: boolean;
  /** Leave out a batch that is smaller than the others; default false. */
  dropLast?: boolean;
}

/**
 * Batches of sequences that are about equally long, so that little of them is padding: pools of examples are drawn, each is
 * sorted by length and cut into batches, and the batches of all pools are shuffled.
 *
 *     new DataLoader(sentences, { batchSampler: bucketSampler(lengths, { batchSize: 32 }), collate: … })
 *
 * @param lengths  one an example
 * @throws ValueError "bucketSampler: dropLast leaves no batch of 8 from 5 examples; use a batchSize of at most 5"
 */
export function bucketSampler(lengths: ArrayLike<number>, options: BucketSamplerOptions): BatchSampler {
  const { batchSize, pool = 100, shuffle = true, dropLast = false } = given(options);
  checkArray('bucketSampler', 'lengths', lengths);
  const n = lengths.length;
  checkWhole('bucketSampler', 'batchSize', batchSize, 1);
  checkWhole('bucketSampler', 'pool', pool, 1);
  if (n === 0) throw new ValueError('bucketSampler: there must be examples; got no lengths');
  if (dropLast && n < batchSize) {
    throw new ValueError(
      `bucketSampler: dropLast leaves no batch of ${batchSize} from ${n} examples; use a batchSize of at most ${n}`,
    );
  }
  const count = dropLast ? Math.floor(n / batchSize) : Math.ceil(n / batchSize);
  return {
    length: count,
    batches(generator) {
      const order = shuffle ? randperm(n, { generator }).data() : Int32Array.from({ length: n }, (_, i) => i);
      const size = pool * batchSize;
      for (let begin = 0; begin < n; begin += size) {
        order.subarray(begin, begin + size).sort((a, b) => lengths[a] - lengths[b]);
      }
      const batches = Array.from({ length: count }, (_, i) => order.subarray(i * batchSize, (i + 1) * batchSize));
      return shuffle ? Array.from(randperm(count, { generator }).data(), (i) => batches[i]) : batches;
    },
  };
}
