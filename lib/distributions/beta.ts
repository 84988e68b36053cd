import type { Generator } from '../core/random.js';
import type { Shape } from '../core/types.js';
import { stack } from '../ops/index.js';
import type { Tensor } from '../tensor/tensor.js';
import { Dirichlet } from './dirichlet.js';
import { Reparameterised } from './distribution.js';
import { fraction, type Parameter, parameters, positive } from './parameters.js';

/**
 * The beta distribution of a share: the Dirichlet distribution of two parts, of which x is the first.
 *
 *   p(x) = Γ(a + b) / (Γ(a) Γ(b)) · x^(a − 1) · (1 − x)^(b − 1),  a: concentration1, b: concentration0
 *
 * @param concentration1  > 0
 * @param concentration0  > 0; broadcasts with it
 * @throws ValueError "Beta: concentration0 must be a finite number > 0; got 0"
 * @source torch.distributions.Beta
 */
export class Beta extends Reparameterised {
  readonly concentration1: Tensor;
  readonly concentration0: Tensor;
  readonly support = fraction;
  readonly #parts: Dirichlet;

  constructor(concentration1: Parameter, concentration0: Parameter) {
    const given = parameters(
      'Beta',
      { concentration1, concentration0 },
      { concentration1: positive, concentration0: positive },
    );
    super(given.concentration1.shape, [], given.concentration1.dtype);
    this.concentration1 = given.concentration1;
    this.concentration0 = given.concentration0;
    this.#parts = new Dirichlet(stack([this.concentration1, this.concentration0], -1));
  }

  get mean(): Tensor {
    return this.concentration1.div(this.concentration1.add(this.concentration0));
  }
  /** (a − 1) / (a + b − 2); NaN unless both are > 1 */
  get mode(): Tensor {
    return first(this.#parts.mode);
  }
  get variance(): Tensor {
    return first(this.#parts.variance);
  }

  protected draw(shape: Shape, generator: Generator | undefined): Tensor {
    return first(this.#parts.rsample(shape, { generator }));
  }

  protected logDensity(value: Tensor): Tensor {
    return this.#parts.logProb(stack([value, value.neg().add(1)], -1));
  }

  /** log B(a, b) − (a − 1) ψ(a) − (b − 1) ψ(b) + (a + b − 2) ψ(a + b) */
  entropy(): Tensor {
    return this.#parts.entropy();
  }

  /** See `klDivergence` and `Dirichlet`. */
  divergence(q: Beta): Tensor {
    return this.#parts.divergence(q.#parts);
  }
}

/** The first along the last axis. */
const first = (x: Tensor): Tensor => x.slice('...', 0);
