import type { Tensor } from '../../tensor/tensor.js';
import type { OptimizerInput } from '../optimizer.js';
import { Composed, type ComposedOptions, type Memory } from './composed.js';

export interface AdagradOptions extends ComposedOptions {
  /** Learning rate; ≥ 0; default 1e-2. */
  lr: number;
  /** How fast the learning rate falls with the steps; ≥ 0; default 0. */
  lrDecay: number;
  /** The sum of squares before the first step; ≥ 0; default 0. */
  initialAccumulatorValue: number;
  /** Added to the root of the sum; ≥ 0; default 1e-10. */
  eps: number;
  /** How much of the last step is kept; ≥ 0; default 0. */
  momentum: number;
}

const defaults: AdagradOptions = {
  lr: 1e-2,
  lrDecay: 0,
  initialAccumulatorValue: 0,
  eps: 1e-10,
  momentum: 0,
  weightDecay: 0,
  maximize: false,
};

/**
 * Divides the gradient by the root of the sum of all its squares so far: what changes rarely takes large steps.
 *
 *   d = ±g + weightDecay · θ
 *   s = s + d²                                           initialAccumulatorValue at first
 *   v = momentum · v + lr / (1 + (t − 1) lrDecay) · d / (√s + eps)
 *   θ = θ − v
 *
 * @source Duchi, Hazan, Singer 2011, "Adaptive subgradient methods for online learning and stochastic optimization";
 *         lecture notes 002, line 731; with momentum, the learning rate inside of what is kept:
 *         lecture notes 003, line 619
 */
export class Adagrad extends Composed<AdagradOptions> {
  constructor(parameters: OptimizerInput<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super('Adagrad', parameters, defaults, options);
  }

  protected override next(p: Tensor, d: Tensor, { live, slot, has }: Memory<AdagradOptions>): Tensor {
    const s = slot(
      'sum',
      (s) => s.add(d.square()),
      (o) => o.initialAccumulatorValue,
    );
    const lr = live((o, t) => o.lr / (1 + (t - 1) * o.lrDecay));
    const step = d.div(s.sqrt().add(live((o) => o.eps))).mul(lr);
    if (has((o) => o.momentum === 0)) return p.sub(step);
    return p.sub(slot('momentumBuffer', (v) => v.mul(live((o) => o.momentum)).add(step)));
  }
}
