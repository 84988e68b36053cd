/* What tests of random numbers measure samples by. */

/** Mean and variance of numbers. */
export function moments(x: ArrayLike<number>): { mean: number; variance: number } {
  const values = Array.from(x);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, variance: values.reduce((total, v) => total + (v - mean) ** 2, 0) / values.length };
}

/**
 * The largest distance between the distribution of a sample and a continuous one, in units of 1/√n: above 1.95 with
 * probability 0.001. Source: Kolmogorov 1933; the limit law's table.
 */
export function kolmogorovSmirnov(sample: ArrayLike<number>, distribution: (x: number) => number): number {
  const sorted = Array.from(sample).sort((a, b) => a - b);
  const distances = sorted.map((x, i) =>
    Math.max(Math.abs(distribution(x) - i / sorted.length), Math.abs(distribution(x) - (i + 1) / sorted.length)),
  );
  return Math.max(...distances) * Math.sqrt(sorted.length);
}

/**
 * χ² of whole numbers against their probabilities, in standard deviations above its mean: above 4 with probability 0.001 for
 * few classes, less for many. Classes that less than 5 are expected of are put together.
 */
export function chiSquared(sample: ArrayLike<number>, probabilities: readonly number[]): number {
  const n = sample.length;
  const seen = new Map<number, number>();
  for (const value of Array.from(sample)) seen.set(value, (seen.get(value) ?? 0) + 1);
  const inside = probabilities.map((p, i) => ({ expected: n * p, found: seen.get(i) ?? 0 }));
  const few = inside.filter(({ expected }) => expected < 5);
  const usual = inside.filter(({ expected }) => expected >= 5);
  const rest = {
    expected: n * Math.max(0, 1 - probabilities.reduce((a, b) => a + b, 0)) + few.reduce((a, b) => a + b.expected, 0),
    found: n - usual.reduce((a, b) => a + b.found, 0),
  };
  const classes = rest.expected >= 1 || rest.found > 0 ? [...usual, rest] : usual;
  const total = classes.reduce(
    (sum, { expected, found }) => sum + (found - expected) ** 2 / Math.max(expected, 1e-9),
    0,
  );
  const freedom = classes.length - 1;
  return (total - freedom) / Math.sqrt(2 * freedom);
}

/** ∫ f over low … high by Simpson's rule. */
export function integral(f: ArrayLike<number>, low: number, high: number): number {
  const values = Array.from(f);
  const h = (high - low) / (values.length - 1);
  return (
    values.reduce((sum, y, i) => sum + y * (i === 0 || i === values.length - 1 ? 1 : i % 2 === 1 ? 4 : 2), 0) * (h / 3)
  );
}

/** P(a, x), the distribution function of the gamma distribution, by its series. Source: Abramowitz, Stegun 1964, 6.5.29. */
export function gammaDistribution(a: number, x: number): number {
  if (!(x > 0)) return 0;
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k < 4 * (a + x) + 100; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return Math.min(1, sum * Math.exp(a * Math.log(x) - x - logGamma(a)));
}

/** log Γ(x) for x > 0, by Stirling's series from 20 on: Abramowitz, Stegun 1964, 6.1.41. */
export function logGamma(x: number): number {
  let below = 0;
  for (; x < 20; x += 1) below += Math.log(x);
  const z = 1 / (x * x);
  const rest = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + rest - below;
}

/** (−1)ⁿ⁺¹ n! Σ 1 / (x + k)ⁿ⁺¹: 400 terms, and Euler and Maclaurin's formula for the rest. */
export function polygammaSum(order: number, x: number): number {
  const s = order + 1;
  const far = x + 400;
  let sum = far ** (1 - s) / (s - 1) + far ** -s / 2 + (s * far ** (-s - 1)) / 12;
  for (let k = 399; k >= 0; k--) sum += (x + k) ** -s;
  let factorial = order % 2 === 1 ? 1 : -1;
  for (let i = 2; i <= order; i++) factorial *= i;
  return factorial * sum;
}
