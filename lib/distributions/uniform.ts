import type { Generator } from '../core/random.js';
import type { Shape } from '../core/types.js';
import { ge, le, logicalAnd, lt, rand, where } from '../ops/index.js';
import type { Tensor } from '../tensor/tensor.js';
import { Reparameterised } from './distribution.js';
import { anyNumber, checkWithin, finite, fraction, type Parameter, parameters, positive } from './parameters.js';

/**
 * The uniform distribution on low ≤ x < high, with density 1 / (high − low) there; elsewhere the density is 0 and its
 * logarithm −∞.
 *
 * @param low   finite
 * @param high  > low; broadcasts with it
 * @throws ValueError "Uniform: high − low must be a finite number > 0; got -1"
 * @source torch.distributions.Uniform
 */
export class Uniform extends Reparameterised {
  readonly low: Tensor;
  readonly high: Tensor;
  readonly support = anyNumber;

  constructor(low: Parameter, high: Parameter) {
    const given = parameters('Uniform', { low, high }, { low: finite, high: finite });
    super(given.low.shape, [], given.low.dtype);
    this.low = given.low;
    this.high = given.high;
    checkWithin('Uniform', 'high − low', this.#width, positive);
  }

  get #width(): Tensor {
    return this.high.sub(this.low);
  }
  get mean(): Tensor {
    return this.high.add(this.low).mul(0.5);
  }
  get variance(): Tensor {
    return this.#width.square().div(12);
  }

  protected draw(shape: Shape, generator: Generator | undefined): Tensor {
    return rand(this.extended(shape), { dtype: this.dtype, generator }).mul(this.#width).add(this.low);
  }

  protected logDensity(value: Tensor): Tensor {
    const inside = logicalAnd(ge(value, this.low), lt(value, this.high));
    return where(inside, this.#width.log().neg(), -Infinity);
  }

  /** P(X ≤ value) = (value − low) / (high − low), within 0 … 1 */
  cdf(value: Parameter): Tensor {
    return this.checked('cdf', value, anyNumber).sub(this.low).div(this.#width).clamp({ min: 0, max: 1 });
  }

  /** The value below which a share of 0 … 1 lies: low + share · (high − low) */
  icdf(share: Parameter): Tensor {
    return this.checked('icdf', share, fraction).mul(this.#width).add(this.low);
  }

  /** log(high − low) */
  entropy(): Tensor {
    return this.#width.log();
  }

  /** See `klDivergence`: the logarithm of the widths' ratio, ∞ where this reaches beyond q. */
  divergence(q: Uniform): Tensor {
    const within = logicalAnd(le(q.low, this.low), ge(q.high, this.high));
    return where(within, q.#width.div(this.#width).log(), Infinity);
  }
}
