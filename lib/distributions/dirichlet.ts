import { ShapeError } from '../core/errors.js';
import type { Generator } from '../core/random.js';
import { show } from '../core/shape.js';
import type { Shape } from '../core/types.js';
import { standardGamma, where, xlogy } from '../ops/index.js';
import { checkTensor, type Tensor } from '../tensor/tensor.js';
import { Reparameterised } from './distribution.js';
import { checkWithin, commonDType, expanded, fraction, parameter, positive, type Range } from './parameters.js';

const whole: Range = { low: 1 - 1e-5, high: 1 + 1e-5, says: 'shares whose sum is 1' };

/**
 * The Dirichlet distribution of shares x of k parts, xᵢ ≥ 0 and Σ xᵢ = 1.
 *
 *   p(x) = Γ(Σ aᵢ) / Π Γ(aᵢ) · Π xᵢ^(aᵢ − 1),  a: concentration
 *
 * @param concentration  [..., k], > 0; the last axis is the event's
 * @throws ValueError "Dirichlet: concentration must be a finite number > 0; got 0 at [1]"
 * @source torch.distributions.Dirichlet; a draw: gamma distributed numbers, in float64, divided by their sum (Devroye 1986,
 *         "Non-uniform random variate generation", XI.4, theorem 4.1)
 */
export class Dirichlet extends Reparameterised {
  readonly concentration: Tensor;
  readonly support = fraction;

  constructor(concentration: Tensor) {
    const dtype = commonDType('Dirichlet', [concentration]);
    checkTensor('Dirichlet', concentration);
    if (concentration.rank === 0)
      throw new ShapeError(`Dirichlet: concentration must have the axes [..., k]; got ${show([])}`);
    const given = parameter('Dirichlet', 'concentration', concentration, dtype, positive);
    super(given.shape.slice(0, -1), given.shape.slice(-1), dtype);
    this.concentration = given;
  }

  get #total(): Tensor {
    return this.concentration.sum(-1, { keepDims: true });
  }
  get mean(): Tensor {
    return this.concentration.div(this.#total);
  }
  /** (a − 1) / (Σ aᵢ − k); NaN unless all of a line's concentrations are > 1 */
  get mode(): Tensor {
    const above = this.concentration.sub(1);
    const all = above.gt(0).all(-1, { keepDims: true });
    return where(all, above.div(above.sum(-1, { keepDims: true })), Number.NaN);
  }
  get variance(): Tensor {
    const mean = this.mean;
    return mean.mul(mean.neg().add(1)).div(this.#total.add(1));
  }

  protected draw(shape: Shape, generator: Generator | undefined): Tensor {
    const parts: Tensor = standardGamma(expanded(this.concentration, this.extended(shape)).to('float64'), {
      generator,
    });
    return parts.div(parts.sum(-1, { keepDims: true })).to(this.dtype);
  }

  protected logDensity(value: Tensor): Tensor {
    checkWithin(this.op('logProb'), 'value', value.sum(-1), whole);
    return xlogy(this.concentration.sub(1), value).sum(-1).sub(this.#logNorm());
  }

  /** Σ log Γ(aᵢ) − log Γ(Σ aᵢ) */
  #logNorm(): Tensor {
    return this.concentration.lgamma().sum(-1).sub(this.concentration.sum(-1).lgamma());
  }

  /** log B(a) + (Σ aᵢ − k) ψ(Σ aᵢ) − Σ (aᵢ − 1) ψ(aᵢ) */
  entropy(): Tensor {
    const above = this.concentration.sub(1);
    const total = above.sum(-1).mul(this.concentration.sum(-1).digamma());
    return this.#logNorm().add(total).sub(above.mul(this.concentration.digamma()).sum(-1));
  }

  /**
   * See `klDivergence`: log B(b) − log B(a) + Σ (aᵢ − bᵢ) (ψ(aᵢ) − ψ(Σ aᵢ)), a and b: the concentrations of this and of q.
   *
   * @source Penny 2001, "Kullback–Leibler divergences of normal, gamma, Dirichlet and Wishart densities"
   */
  divergence(q: Dirichlet): Tensor {
    const a = this.concentration;
    const terms = a.sub(q.concentration).mul(a.digamma().sub(this.#total.digamma()));
    return q.#logNorm().sub(this.#logNorm()).add(terms.sum(-1));
  }
}
