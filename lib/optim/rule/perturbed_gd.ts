import type { Generator } from '../../core/random.js';
import { randn } from '../../ops/random/random.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { OptimizerInput } from '../optimizer.js';
import { Composed, type ComposedOptions, type Memory } from './composed.js';

export interface PerturbedGDOptions extends ComposedOptions {
  /** Learning rate; ≥ 0; default 1e-3. */
  lr: number;
  /** Typical length of the noise over all parameters together, in the gradient's unit; ≥ 0; default 1e-2. */
  radius: number;
}

const defaults: PerturbedGDOptions = { lr: 1e-3, radius: 1e-2, weightDecay: 0, maximize: false };

/**
 * Gradient descent with noise on every gradient, which leaves saddle points, where the gradient alone is 0.
 *
 *   d = ±g + weightDecay · θ
 *   θ = θ − lr · (d + ξ),    ξ ~ N(0, radius² / n)        n elements in all parameters
 *
 * The state does not have the generator's: save that beside it, as checkpoints of a Trainer do with the default one.
 *
 * @source Jin, Netrapalli, Ge, Kakade, Jordan 2019, arXiv:1902.04811, algorithm 1; C remark 4.6, symmetry breaking
 */
export class PerturbedGD extends Composed<PerturbedGDOptions> {
  readonly #generator: Generator | undefined;

  /** @param generator  where the noise comes from; default: the one that `seed` restarts */
  constructor(
    parameters: OptimizerInput<PerturbedGDOptions>,
    { generator, ...options }: Partial<PerturbedGDOptions> & { generator?: Generator | undefined } = {},
  ) {
    super('PerturbedGD', parameters, defaults, options);
    this.#generator = generator;
  }

  protected override next(p: Tensor, d: Tensor, { live }: Memory<PerturbedGDOptions>): Tensor {
    const elements = this.parameters().reduce((sum, { size }) => sum + size, 0);
    const noise = randn(p.shape, { dtype: p.dtype, generator: this.#generator });
    const spread = live((o) => o.radius / Math.sqrt(elements));
    return p.sub(d.add(noise.mul(spread)).mul(live((o) => o.lr)));
  }
}
