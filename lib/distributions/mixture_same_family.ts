import { checkInstance } from '../core/check.js';
import { ShapeError } from '../core/errors.js';
import type { Generator } from '../core/random.js';
import { sameShape, show } from '../core/shape.js';
import type { Shape } from '../core/types.js';
import type { Tensor } from '../tensor/tensor.js';
import { Categorical } from './categorical.js';
import { Distribution } from './distribution.js';
import type { Parameter, Range } from './parameters.js';

/**
 * A mixture of k components of one kind: p(x) = Σ wᵢ pᵢ(x), the weights w those of a categorical distribution.
 *
 * @param mixture     the weights; batch [...]
 * @param components  of any kind; batch [..., k], its last axis the components
 * @throws ShapeError "MixtureSameFamily: the components' batch must be [2, 3], the mixture's batch and its 3 places; got [4, 3]"
 * @source torch.distributions.MixtureSameFamily
 */
export class MixtureSameFamily<C extends Distribution = Distribution> extends Distribution {
  readonly support: Range;

  constructor(
    readonly mixture: Categorical,
    readonly components: C,
  ) {
    checkInstance('MixtureSameFamily', 'mixture', mixture, Categorical);
    checkInstance('MixtureSameFamily', 'components', components, Distribution);
    const k = mixture.support.high + 1;
    const batch = [...mixture.batchShape, k];
    if (!sameShape(components.batchShape, batch)) {
      throw new ShapeError(
        `MixtureSameFamily: the components' batch must be ${show(batch)}, the mixture's batch and its ${k} places; got ${show(components.batchShape)}`,
      );
    }
    super(mixture.batchShape, components.eventShape, components.dtype);
    this.support = components.support;
  }

  /** The axis of the components in what they give for each event, or for each number of it. */
  get #axis(): number {
    return -1 - this.eventShape.length;
  }

  /** The weights beside numbers of events. */
  get #weights(): Tensor {
    return this.mixture.probs.reshape([...this.components.batchShape, ...this.eventShape.map(() => 1)]);
  }

  get mean(): Tensor {
    return this.components.mean.mul(this.#weights).sum(this.#axis);
  }
  /** Within the components, and between their means */
  get variance(): Tensor {
    const between = this.components.mean.sub(this.mean.unsqueeze(this.#axis)).square();
    return this.components.variance.add(between).mul(this.#weights).sum(this.#axis);
  }

  protected draw(shape: Shape, generator: Generator | undefined): Tensor {
    const all = this.components.sample(shape, { generator });
    const which = this.mixture.sample(shape, { generator });
    const ones = this.eventShape.map(() => 1);
    const places = which.reshape([...which.shape, 1, ...ones]).expand([...which.shape, 1, ...this.eventShape]);
    return all.gather(this.#axis, places).squeeze(this.#axis);
  }

  protected logDensity(value: Tensor): Tensor {
    return this.components.logProb(value.unsqueeze(this.#axis)).add(this.mixture.logits).logSumExp(-1);
  }

  /** P(X ≤ value) = Σ wᵢ Pᵢ(X ≤ value), for components that have it */
  cdf(this: MixtureSameFamily<Distribution & { cdf(value: Parameter): Tensor }>, value: Parameter): Tensor {
    const x = this.checked('cdf', value, this.support);
    return this.components.cdf(x.unsqueeze(-1)).mul(this.mixture.probs).sum(-1);
  }
}
