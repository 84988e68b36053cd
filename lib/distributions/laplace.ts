import type { Generator } from '../core/random.js';
import type { Shape } from '../core/types.js';
import { rand } from '../ops/index.js';
import type { Tensor } from '../tensor/tensor.js';
import { LocationScale } from './location_scale.js';
import { anyNumber, fraction, type Parameter } from './parameters.js';

/**
 * The Laplace distribution: an exponential one to either side of its mean.
 *
 *   p(x) = exp(−|x − loc| / scale) / (2 scale)
 *
 * @param loc    the mean; finite
 * @param scale  > 0; the standard deviation is √2 · scale; broadcasts with loc
 * @throws ValueError "Laplace: scale must be a finite number > 0; got 0"
 * @source torch.distributions.Laplace
 */
export class Laplace extends LocationScale {
  constructor(loc: Parameter, scale: Parameter) {
    super('Laplace', loc, scale);
  }

  get variance(): Tensor {
    return this.scale.square().mul(2);
  }

  protected draw(shape: Shape, generator: Generator | undefined): Tensor {
    // From −1, where the logarithm would be −∞, one step of the uniform numbers up: 2⁻²⁴ and 2⁻⁵³ times the width of 2.
    const low = this.dtype === 'float64' ? 2 ** -52 - 1 : 2 ** -23 - 1;
    const u: Tensor = rand(this.extended(shape), { low: -1, high: 1, dtype: this.dtype, generator }).clamp({
      min: low,
    });
    return this.loc.sub(this.scale.mul(u.sign()).mul(u.abs().neg().log1p()));
  }

  protected logDensity(value: Tensor): Tensor {
    return this.standardised(value).abs().neg().sub(this.scale.mul(2).log());
  }

  /** P(X ≤ value) = ½ − ½ sign(d) · (e^(−|d|) − 1), d = (value − loc) / scale */
  cdf(value: Parameter): Tensor {
    const d = this.standardised(this.checked('cdf', value, anyNumber));
    return d.abs().neg().expm1().mul(d.sign()).mul(-0.5).add(0.5);
  }

  /** The value below which a share of 0 … 1 lies: loc − scale · sign(share − ½) · log(1 − 2 |share − ½|) */
  icdf(share: Parameter): Tensor {
    const beside = this.checked('icdf', share, fraction).sub(0.5);
    return this.loc.sub(this.scale.mul(beside.sign()).mul(beside.abs().mul(-2).log1p()));
  }

  /** 1 + log(2 scale) */
  entropy(): Tensor {
    return this.scale.mul(2).log().add(1);
  }

  /** See `klDivergence`: (scale · e^(−d / scale) + d) / q.scale − log(scale / q.scale) − 1, d = |loc − q.loc|. */
  divergence(q: Laplace): Tensor {
    const d = this.loc.sub(q.loc).abs();
    const near = d.div(this.scale).neg().exp().mul(this.scale);
    return near.add(d).div(q.scale).sub(this.scale.div(q.scale).log()).sub(1);
  }
}
