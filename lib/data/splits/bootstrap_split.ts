import { checkWhole } from '../../core/check.js';
import type { Generator } from '../../core/random.js';
import { randint } from '../../ops/random/random.js';
import { drawSeed, streamOf } from '../seeds.js';
import { type Splits, splitsOf } from './splits.js';

export interface BootstrapSplitOptions {
  /** Draws of each split; whole, ≥ 1; default n. */
  size?: number;
  /** Where the draws come from; default: the one that `seed` restarts. */
  generator?: Generator;
}

/**
 * Bootstrap samples: to learn from, examples drawn with replacement, in the order drawn; to test on, those never drawn
 * ("out of bag"), in ascending order: (1 − 1/n)ⁿ ≈ 36.8 % of them. A draw that leaves none out is drawn again.
 *
 * @param n      examples; whole, ≥ 2
 * @param times  splits; whole, ≥ 1
 * @source Efron, Tibshirani 1993, "An Introduction to the Bootstrap", chapter 17; Breiman 1996, "Out-of-bag estimation"
 */
export function bootstrapSplit(n: number, times: number, options: BootstrapSplitOptions = {}): Splits {
  const { size = n, generator } = options;
  checkWhole('bootstrapSplit', 'n', n, 2);
  checkWhole('bootstrapSplit', 'times', times, 1);
  checkWhole('bootstrapSplit', 'size', size, 1);
  const seed = drawSeed(generator);
  return splitsOf(times, (time) => {
    const stream = streamOf(seed, time);
    for (;;) {
      const train = randint(0, n, [size], { generator: stream }).data();
      const drawn = new Uint8Array(n);
      for (const i of train) drawn[i] = 1;
      const test = Int32Array.from(drawn.keys()).filter((i) => drawn[i] === 0);
      if (test.length > 0) return { train, test };
    }
  });
}
