import { checkArray, checkFraction, checkFunction, checkOneOf, checkWhole } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import { defaultGenerator, type Generator } from '../core/random.js';
import { randint } from '../ops/random/random.js';
import { distribution, normalQuantile } from './distribution.js';
import { summarise } from './summary.js';

export interface BootstrapOptions {
  /** Samples that are drawn; whole, ≥ 1; default 9999. */
  resamples?: number;
  /** Of the interval; 0 … 1; default 0.95. */
  confidence?: number;
  /**
   * Quantiles of the resampled statistics ('percentile'), or of other levels, which correct for bias and for a spread that
   * depends on the value ('bca'). Default 'bca'.
   */
  method?: 'bca' | 'percentile';
  /** Default: the default generator. */
  generator?: Generator;
}

export interface Bootstrap {
  /** Of the sample itself. */
  readonly statistic: number;
  readonly low: number;
  readonly high: number;
  /** Standard deviation of the resampled statistics. */
  readonly standardError: number;
}

/**
 * A confidence interval of any statistic of independent examples: its spread over samples drawn from the sample, with
 * replacement.
 *
 *     bootstrap(right, (xs) => xs.reduce((a, b) => a + b, 0) / xs.length);                  // of an accuracy
 *     bootstrap(examples, (some) => rocAuc()(some.map(({ score }) => score), some.map(({ label }) => label)));
 *
 * percentile: the quantiles (1 ∓ confidence) / 2 of the resampled statistics θ*. bca: those at
 *
 *   Φ(z₀ + (z₀ + z) / (1 − a (z₀ + z))), z = Φ⁻¹((1 ∓ confidence) / 2)
 *   z₀ = Φ⁻¹(share of θ* below θ, of equal ones half)        a = Σ dᵢ³ / (6 (Σ dᵢ²)^(3/2)), dᵢ = mean θ₍ⱼ₎ − θ₍ᵢ₎
 *
 * with θ₍ᵢ₎ of the sample without example i.
 *
 * @param sample     of at least two examples, numbers or other
 * @param statistic  of the examples drawn; it must not depend on their order
 * @source Efron 1987, doi:10.1080/01621459.1987.10478410; scipy's bootstrap
 */
export function bootstrap<T>(
  sample: ArrayLike<T>,
  statistic: (examples: T[]) => number,
  options: BootstrapOptions = {},
): Bootstrap {
  const { resamples = 9999, confidence = 0.95, method = 'bca', generator = defaultGenerator() } = options;
  checkArray('bootstrap', 'the sample', sample);
  checkFunction('bootstrap', 'statistic', statistic);
  checkWhole('bootstrap', 'resamples', resamples, 1);
  checkFraction('bootstrap', 'confidence', confidence);
  checkOneOf('bootstrap', 'method', method, ['bca', 'percentile']);
  const examples = Array.from(sample);
  const n = examples.length;
  if (n < 2) throw new ValueError(`bootstrap: the sample must have at least two examples; got ${n}`);
  const observed = statistic(examples);
  const drawn = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    const places = randint(0, n, [n], { generator }).data();
    drawn[i] = statistic(Array.from(places, (place) => examples[place]));
  }
  drawn.sort();
  const levels = [(1 - confidence) / 2, (1 + confidence) / 2];
  const [low, high] = method === 'percentile' ? levels : corrected(examples, statistic, observed, drawn, levels);
  return {
    statistic: observed,
    low: quantile(drawn, low),
    high: quantile(drawn, high),
    standardError: summarise(drawn).deviation,
  };
}

/** The levels of BCa. */
function corrected<T>(
  examples: readonly T[],
  statistic: (examples: T[]) => number,
  observed: number,
  drawn: Float64Array,
  levels: readonly number[],
): number[] {
  const below = drawn.reduce((sum, value) => sum + Number(value < observed) + Number(value === observed) / 2, 0);
  const z0 = normalQuantile('bootstrap', below / drawn.length);
  const without = examples.map((_, i) => statistic(examples.toSpliced(i, 1)));
  const { mean } = summarise(without);
  const power = (p: number): number => without.reduce((sum, value) => sum + (mean - value) ** p, 0);
  const squares = power(2);
  const acceleration = squares === 0 ? 0 : power(3) / (6 * squares ** 1.5);
  // All on one side of the sample's own: the end of what was drawn.
  if (!Number.isFinite(z0)) return levels.map(() => (z0 > 0 ? 1 : 0));
  const cdf = distribution('bootstrap', 'normal-cdf');
  return levels.map((level) => {
    const z = z0 + normalQuantile('bootstrap', level);
    return Number.isFinite(z) ? cdf(z0 + z / (1 - acceleration * z), 0, 1) : level;
  });
}

/** Between the two nearest values, in proportion. */
function quantile(sorted: Float64Array, level: number): number {
  const at = level * (sorted.length - 1);
  const [i, j] = [Math.floor(at), Math.ceil(at)];
  return sorted[i] + (at - i) * (sorted[j] - sorted[i]);
}
