import { defaultGenerator, Generator } from '../core/random.js';

/*
 * Random orders that depend on a seed and on their number alone, so that the n-th of them can be had without the others.
 */

/** A seed from a generator. */
export const drawSeed = (generator: Generator = defaultGenerator()): number => Math.floor(generator.next() * 2 ** 32);

/** Random blocks set aside for each stream; an order of 2³¹ examples needs an eighth of them. */
const blocksPerStream = 2 ** 32;

/** The n-th stream of random numbers of a seed. */
export const streamOf = (seed: number, n: number): Generator => Generator.from({ seed, counter: n * blocksPerStream });
