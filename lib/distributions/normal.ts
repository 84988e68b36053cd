import type { Generator } from '../core/random.js';
import type { Shape } from '../core/types.js';
import { randn } from '../ops/index.js';
import type { Tensor } from '../tensor/tensor.js';
import { LocationScale } from './location_scale.js';
import { anyNumber, fraction, type Parameter } from './parameters.js';

const logRoot2Pi = 0.5 * Math.log(2 * Math.PI);

/**
 * The normal distribution of a mean and a standard deviation.
 *
 *   p(x) = exp(−(x − loc)² / (2 scale²)) / (scale · √(2π))
 *
 * @param loc    the mean; finite
 * @param scale  the standard deviation; > 0; broadcasts with loc
 * @throws ValueError "Normal: scale must be a finite number > 0; got -1"
 * @source torch.distributions.Normal
 */
export class Normal extends LocationScale {
  constructor(loc: Parameter, scale: Parameter) {
    super('Normal', loc, scale);
  }

  get variance(): Tensor {
    return this.scale.square();
  }

  protected draw(shape: Shape, generator: Generator | undefined): Tensor {
    return randn(this.extended(shape), { dtype: this.dtype, generator }).mul(this.scale).add(this.loc);
  }

  protected logDensity(value: Tensor): Tensor {
    return this.standardised(value).square().mul(-0.5).sub(this.scale.log()).sub(logRoot2Pi);
  }

  /** P(X ≤ value) = ½ (1 + erf((value − loc) / (scale · √2))) */
  cdf(value: Parameter): Tensor {
    const z = this.standardised(this.checked('cdf', value, anyNumber));
    return z.mul(Math.SQRT1_2).erf().add(1).mul(0.5);
  }

  /** The value below which a share of 0 … 1 lies: loc + scale · √2 · erf⁻¹(2 share − 1) */
  icdf(share: Parameter): Tensor {
    const p = this.checked('icdf', share, fraction);
    return p.mul(2).sub(1).erfinv().mul(Math.SQRT2).mul(this.scale).add(this.loc);
  }

  /** ½ log(2πe · scale²) */
  entropy(): Tensor {
    return this.scale.log().add(0.5 + logRoot2Pi);
  }

  /** See `klDivergence`: ½ (r² + ((loc − q.loc) / q.scale)² − 1 − log r²), r = scale / q.scale. */
  divergence(q: Normal): Tensor {
    const ratio = this.scale.div(q.scale).square();
    const shift = this.loc.sub(q.loc).div(q.scale).square();
    return ratio.add(shift).sub(1).sub(ratio.log()).mul(0.5);
  }
}
