import type { Generator } from '../../core/random.js';
import { randperm } from '../../ops/random/randperm.js';

/**
 * Which examples an epoch visits, and in which order. A loader asks for it once an epoch, with a stream of random numbers
 * of that epoch's own: a sampler that draws from nothing else keeps no state, and a run that is resumed sees the same order.
 */
export interface Sampler {
  /** Examples an epoch. */
  readonly length: number;
  order(generator: Generator): Int32Array;
}

/** Which examples an epoch's batches are made of; random numbers as for a `Sampler`. */
export interface BatchSampler {
  /** Batches an epoch. */
  readonly length: number;
  batches(generator: Generator): readonly Int32Array[];
}

/** Every example once, in their order. */
export const inTurn = (length: number): Sampler => ({
  length,
  order: () => Int32Array.from({ length }, (_, i) => i),
});

/** Every example once, in random order. */
export const shuffled = (length: number): Sampler => ({
  length,
  order: (generator) => randperm(length, { generator }).data(),
});
