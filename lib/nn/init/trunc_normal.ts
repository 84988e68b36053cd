import { checkNonNegative } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { where } from '../../ops/indexing/where.js';
import { rand } from '../../ops/random/random.js';
import { fill } from '../../tensor/create.js';
import { noGrad } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import type { InitOptions } from './init.js';

export interface TruncNormalOptions extends InitOptions {
  /** Default 0. */
  mean?: number;
  /** Of the normal distribution before it is cut; ≥ 0; default 1. */
  std?: number;
  /** Where it is cut off below; default −2. */
  a?: number;
  /** Where it is cut off above; default 2. */
  b?: number;
}

/** Halvings of the interval that leave less of it than float64 tells apart. */
const halvings = 54;

/**
 * Normal, cut off at a and b: the distribution's inverse of uniform numbers, so every value is drawn once.
 *
 *   x = mean + std · Φ⁻¹(Φ(α) + u (Φ(β) − Φ(α))),    α, β = (a − mean) / std, (b − mean) / std
 *
 * @throws ValueError "truncNormal: a must be below b; got 2 and -2"
 */
export function truncNormal<T extends Tensor>(
  tensor: T,
  { mean = 0, std = 1, a = -2, b = 2, ...random }: TruncNormalOptions = {},
): T {
  checkTensor('truncNormal', tensor);
  checkNonNegative('truncNormal', 'std', std);
  if (!Number.isFinite(mean)) throw new ValueError(`truncNormal: mean must be finite; got ${mean}`);
  const { shape, dtype } = tensor;
  if (std === 0) return tensor.assign(fill(shape, mean, dtype));
  if (!(a < b)) throw new ValueError(`truncNormal: a must be below b; got ${a} and ${b}`);
  return noGrad(() => {
    // Beyond 9 standard deviations Φ is 0 or 1 in float64.
    const [first, last] = [a, b].map((bound) => Math.max(-9, Math.min(9, (bound - mean) / std)));
    let [low, high]: Tensor[] = [fill(shape, first, 'float64'), fill(shape, last, 'float64')];
    // erf in place of Φ, an affine function of it, on both sides.
    const cumulative = (x: Tensor): Tensor => x.mul(Math.SQRT1_2).erf();
    const [from, to] = [cumulative(low), cumulative(high)];
    const target = from.add(rand(shape, { ...random, dtype: 'float64' }).mul(to.sub(from)));
    for (let i = 0; i < halvings; i++) {
      const middle = low.add(high).mul(0.5);
      const below = cumulative(middle).lt(target);
      [low, high] = [where(below, middle, low), where(below, high, middle)];
    }
    const x = low
      .add(high)
      .mul(0.5 * std)
      .add(mean);
    return tensor.assign(x.clamp({ min: a, max: b }).to(dtype));
  });
}
