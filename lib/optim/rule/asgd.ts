import type { Tensor } from '../../tensor/tensor.js';
import type { OptimizerInput } from '../optimizer.js';
import { Composed, type ComposedOptions, type Memory } from './composed.js';

export interface ASGDOptions extends ComposedOptions {
  /** Learning rate of the first step; ≥ 0; default 1e-2. */
  lr: number;
  /** How fast the learning rate falls, and how much θ shrinks; ≥ 0; default 1e-4. */
  lambd: number;
  /** Power by which the learning rate falls; in [0, 1); default 0.75. */
  alpha: number;
  /** Steps before the average begins; ≥ 0; default 1e6. */
  t0: number;
}

const defaults: ASGDOptions = { lr: 1e-2, lambd: 1e-4, alpha: 0.75, t0: 1e6, weightDecay: 0, maximize: false };

/**
 * Averaged stochastic gradient descent: beside the parameters, their mean since step t0 is kept, as 'ax' in the state.
 *
 *   d = ±g + weightDecay · θ
 *   η = lr / (1 + lambd · lr · (t − 1))^alpha
 *   θ = (1 − lambd · η) θ − η d
 *   a = a + (θ − a) / max(1, t − 1 − t0)
 *
 * @source Polyak, Juditsky 1992, "Acceleration of stochastic approximation by averaging", in PyTorch's form
 */
export class ASGD extends Composed<ASGDOptions> {
  constructor(parameters: OptimizerInput<ASGDOptions>, options: Partial<ASGDOptions> = {}) {
    super('ASGD', parameters, defaults, options);
  }

  protected override next(p: Tensor, d: Tensor, { live, slot, has }: Memory<ASGDOptions>): Tensor {
    const rate = ({ lr, lambd, alpha }: ASGDOptions, t: number): number => lr / (1 + lambd * lr * (t - 1)) ** alpha;
    const y = p.mul(live((o, t) => 1 - o.lambd * rate(o, t))).sub(d.mul(live(rate)));
    if (has((o, t) => t - 1 - o.t0 <= 1)) slot('ax', () => y);
    else {
      const share = live((o, t) => 1 / (t - 1 - o.t0));
      const rest = live((o, t) => 1 - 1 / (t - 1 - o.t0));
      slot('ax', (a) => a.mul(rest).add(y.mul(share)));
    }
    return y;
  }
}
