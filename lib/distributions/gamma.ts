import type { Generator } from '../core/random.js';
import type { Shape } from '../core/types.js';
import { standardGamma, xlogy } from '../ops/index.js';
import type { Tensor } from '../tensor/tensor.js';
import { Reparameterised } from './distribution.js';
import { expanded, nonNegative, type Parameter, parameters, positive } from './parameters.js';

/**
 * The gamma distribution: of concentration 1 the exponential one, of whole ones the sum of so many such.
 *
 *   p(x) = rate^a · x^(a − 1) · e^(−rate · x) / Γ(a),  a: concentration, x ≥ 0
 *
 * @param concentration  > 0
 * @param rate           > 0; broadcasts with it
 * @throws ValueError "Gamma: rate must be a finite number > 0; got 0"
 * @source torch.distributions.Gamma; a draw and its gradient: `standardGamma`
 */
export class Gamma extends Reparameterised {
  readonly concentration: Tensor;
  readonly rate: Tensor;
  readonly support = nonNegative;

  constructor(concentration: Parameter, rate: Parameter) {
    const given = parameters('Gamma', { concentration, rate }, { concentration: positive, rate: positive });
    super(given.rate.shape, [], given.rate.dtype);
    this.concentration = given.concentration;
    this.rate = given.rate;
  }

  get mean(): Tensor {
    return this.concentration.div(this.rate);
  }
  /** (concentration − 1) / rate, at least 0 */
  get mode(): Tensor {
    return this.concentration.sub(1).clamp({ min: 0 }).div(this.rate);
  }
  get variance(): Tensor {
    return this.concentration.div(this.rate.square());
  }

  protected draw(shape: Shape, generator: Generator | undefined): Tensor {
    return standardGamma(expanded(this.concentration, this.extended(shape)), { generator }).div(this.rate);
  }

  protected logDensity(value: Tensor): Tensor {
    const a = this.concentration;
    return xlogy(a.sub(1), value).add(xlogy(a, this.rate)).sub(this.rate.mul(value)).sub(a.lgamma());
  }

  /** a − log rate + log Γ(a) + (1 − a) ψ(a), a: concentration */
  entropy(): Tensor {
    const a = this.concentration;
    return a.sub(this.rate.log()).add(a.lgamma()).sub(a.sub(1).mul(a.digamma()));
  }

  /**
   * See `klDivergence`: (a − b) ψ(a) − log Γ(a) + log Γ(b) + b log(rate / q.rate) + a (q.rate / rate − 1), a and b: the
   * concentrations of this and of q.
   *
   * @source Penny 2001, "Kullback–Leibler divergences of normal, gamma, Dirichlet and Wishart densities"
   */
  divergence(q: Gamma): Tensor {
    const [a, b] = [this.concentration, q.concentration];
    const shape = a.sub(b).mul(a.digamma()).sub(a.lgamma()).add(b.lgamma());
    return shape.add(b.mul(this.rate.div(q.rate).log())).add(a.mul(q.rate.div(this.rate).sub(1)));
  }
}
