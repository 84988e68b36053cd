import type { Generator } from '../core/random.js';
import type { Shape } from '../core/types.js';
import { logit, rand } from '../ops/index.js';
import type { Tensor } from '../tensor/tensor.js';
import { Distribution } from './distribution.js';
import {
  finite,
  fraction,
  insideUnit,
  oneOf,
  type Parameter,
  type ProbsOrLogits,
  parameters,
  type Range,
} from './parameters.js';

const zeroOrOne: Range = { low: 0, high: 1, says: '0 or 1', whole: true };

/**
 * The Bernoulli distribution: 1 with the probability p, else 0; log P(x) = x log p + (1 − x) log(1 − p).
 *
 * @param probs   p, within 0 … 1; logarithms are taken an ε of the dtype away from 0 and 1
 * @param logits  instead of it, log(p / (1 − p)); finite
 * @throws ValueError "Bernoulli: probs must be within 0 … 1; got 1.5"; "Bernoulli: one of probs, logits must be given; got
 *         none"
 * @source torch.distributions.Bernoulli
 */
export class Bernoulli extends Distribution {
  readonly #given: 'probs' | 'logits';
  readonly #parameter: Tensor;
  readonly support = zeroOrOne;

  constructor(given: ProbsOrLogits) {
    const name = oneOf('Bernoulli', given, ['probs', 'logits']);
    const range = name === 'probs' ? fraction : finite;
    const x = parameters('Bernoulli', { [name]: given[name] as Parameter }, { [name]: range })[name];
    super(x.shape, [], x.dtype);
    this.#given = name;
    this.#parameter = x;
  }

  get probs(): Tensor {
    return this.#given === 'probs' ? this.#parameter : this.#parameter.sigmoid();
  }
  get logits(): Tensor {
    return this.#given === 'logits' ? this.#parameter : logit(insideUnit(this.#parameter));
  }
  get mean(): Tensor {
    return this.probs;
  }
  /** 1 where p > ½, else 0 */
  get mode(): Tensor {
    return this.probs.gt(0.5).to(this.dtype);
  }
  get variance(): Tensor {
    const p = this.probs;
    return p.mul(p.neg().add(1));
  }

  protected draw(shape: Shape, generator: Generator | undefined): Tensor {
    // In float64, so that small probabilities have their share.
    const u = rand(this.extended(shape), { dtype: 'float64', generator });
    return u.lt(this.probs.to('float64')).to(this.dtype);
  }

  protected logDensity(value: Tensor): Tensor {
    return surprise(value, this.logits).neg();
  }

  /** −p log p − (1 − p) log(1 − p) */
  entropy(): Tensor {
    return surprise(this.probs, this.logits);
  }

  /** See `klDivergence`: p log(p / q) + (1 − p) log((1 − p) / (1 − q)). */
  divergence(q: Bernoulli): Tensor {
    return surprise(this.probs, q.logits).sub(this.entropy());
  }
}

/** −x log p − (1 − x) log(1 − p) by p's logits, without a difference of large numbers. */
const surprise = (x: Tensor, logits: Tensor): Tensor =>
  x.mul(logits.neg().softplus()).add(x.neg().add(1).mul(logits.softplus()));
