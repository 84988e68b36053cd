import { checkArray, checkWhole } from '../../core/check.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { rand } from '../../ops/random/random.js';
import { Tensor } from '../../tensor/tensor.js';
import type { Sampler } from './sampler.js';

export interface WeightedSamplerOptions {
  /** Examples an epoch; whole, ≥ 1; default: as many as there are weights. */
  size?: number;
  /** Whether an example may come twice in an epoch; default true. */
  replacement?: boolean;
}

/**
 * Draws examples in proportion to their weights:
 *
 *     new DataLoader(data, { batchSize: 64, sampler: weightedSampler(sampleWeights(labels)) })
 *
 * With replacement every draw is example i with probability wᵢ / Σ w; without, each of the examples that are left.
 *
 * @param weights  one an example; finite, ≥ 0, not all 0
 * @throws ValueError "weightedSampler: without replacement there must be 3 examples of a weight > 0; got 2"
 * @source PyTorch's WeightedRandomSampler; without replacement: Efraimidis, Spirakis 2006, "Weighted random sampling with
 *   a reservoir", doi:10.1016/j.ipl.2005.11.003: the smallest of −ln(u) / w
 */
export function weightedSampler(weights: Tensor | ArrayLike<number>, options: WeightedSamplerOptions = {}): Sampler {
  const all = checkedWeights(weights);
  const { size = all.length, replacement = true } = options;
  checkWhole('weightedSampler', 'size', size, 1);
  if (replacement) {
    const sums = cumulative(all);
    return {
      length: size,
      order: (generator) =>
        Int32Array.from(rand([size], { dtype: 'float64', generator, high: sums[sums.length - 1] }).data(), (at) =>
          firstAbove(sums, at),
        ),
    };
  }
  const possible = Int32Array.from(all.keys()).filter((i) => all[i] > 0);
  if (possible.length < size) {
    throw new ValueError(
      `weightedSampler: without replacement there must be ${size} examples of a weight > 0; got ${possible.length}`,
    );
  }
  return {
    length: size,
    order(generator) {
      const draws = rand([all.length], { dtype: 'float64', generator }).data();
      // 1 − u is in (0, 1]: its logarithm is finite.
      const keys = draws.map((u, i) => -Math.log1p(-u) / all[i]);
      return possible.toSorted((a, b) => keys[a] - keys[b]).slice(0, size);
    },
  };
}

function checkedWeights(weights: Tensor | ArrayLike<number>): Float64Array {
  if (!(weights instanceof Tensor)) checkArray('weightedSampler', 'weights', weights);
  if (weights instanceof Tensor && weights.rank !== 1) {
    throw new ShapeError(
      `weightedSampler: weights must have one axis, one an example; got shape ${show(weights.shape)}`,
    );
  }
  const all = Float64Array.from(weights instanceof Tensor ? weights.data() : weights);
  const wrong = all.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (wrong >= 0) {
    throw new ValueError(`weightedSampler: weights must be finite and ≥ 0; weight ${wrong} is ${all[wrong]}`);
  }
  if (!all.some((weight) => weight > 0)) {
    throw new ValueError(`weightedSampler: a weight must be > 0; got ${all.length} that are not`);
  }
  return all;
}

function cumulative(weights: Float64Array): Float64Array {
  let sum = 0;
  return weights.map((weight) => {
    sum += weight;
    return sum;
  });
}

/** The first of ascending values that is above `at`; the last that is above its predecessor if rounding left none. */
function firstAbove(values: Float64Array, at: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] > at) high = middle;
    else low = middle + 1;
  }
  return values[low] > at ? low : values.indexOf(values[low]);
}
