import type { Generator } from '../core/random.js';
import type { Shape } from '../core/types.js';
import { poisson, xlogy } from '../ops/index.js';
import type { Tensor } from '../tensor/tensor.js';
import { Distribution } from './distribution.js';
import { count, expanded, nonNegative, type Parameter, parameters } from './parameters.js';

/**
 * The Poisson distribution of a count: P(k) = rateᵏ e^(−rate) / k!
 *
 * @param rate  the mean; ≥ 0
 * @throws ValueError "Poisson: rate must be a finite number ≥ 0; got -1"
 * @source torch.distributions.Poisson; a draw: `poisson`
 */
export class Poisson extends Distribution {
  readonly rate: Tensor;
  readonly support = count;

  constructor(rate: Parameter) {
    const given = parameters('Poisson', { rate }, { rate: nonNegative });
    super(given.rate.shape, [], given.rate.dtype);
    this.rate = given.rate;
  }

  get mean(): Tensor {
    return this.rate;
  }
  get mode(): Tensor {
    return this.rate.floor();
  }
  get variance(): Tensor {
    return this.rate;
  }

  protected draw(shape: Shape, generator: Generator | undefined): Tensor {
    return poisson(expanded(this.rate, this.extended(shape)), { generator });
  }

  protected logDensity(value: Tensor): Tensor {
    return xlogy(value, this.rate).sub(this.rate).sub(value.add(1).lgamma());
  }

  /** See `klDivergence`: rate · log(rate / q.rate) − rate + q.rate. */
  divergence(q: Poisson): Tensor {
    return xlogy(this.rate, this.rate).sub(xlogy(this.rate, q.rate)).sub(this.rate).add(q.rate);
  }
}
