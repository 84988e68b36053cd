import type { Tensor } from '../../tensor/tensor.js';
import type { OptimizerInput } from '../optimizer.js';
import { Composed, type ComposedOptions, type Memory } from './composed.js';
import { moments } from './moments.js';

export interface DiffGradOptions extends ComposedOptions {
  /** Learning rate; ≥ 0; default 1e-3. */
  lr: number;
  /** Weights of the past in the two moments; each in [0, 1); default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the root of the second moment; ≥ 0; default 1e-8. */
  eps: number;
}

const defaults: DiffGradOptions = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false };

/**
 * Adam with friction: where the gradient hardly changes, near a minimum, steps are half as long.
 *
 *   d = ±g + weightDecay · θ
 *   ξ = σ(|d before − d|), from 1/2 to 1                  d before = 0 in the first step
 *   m = β₁ m + (1 − β₁) d        v = β₂ v + (1 − β₂) d²
 *   θ = θ − lr · ξ · m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + eps)
 *
 * @source Dubey, Chakraborty, Roy, Mukherjee, Singh, Chaudhuri 2019, arXiv:1909.11015, equations 5 to 9;
 *         lecture notes 004, lines 3493–3512
 */
export class DiffGrad extends Composed<DiffGradOptions> {
  constructor(parameters: OptimizerInput<DiffGradOptions>, options: Partial<DiffGradOptions> = {}) {
    super('DiffGrad', parameters, defaults, options);
  }

  protected override next(p: Tensor, d: Tensor, memory: Memory<DiffGradOptions>): Tensor {
    const { live, before, slot } = memory;
    const friction = before('previousGrad').sub(d).abs().sigmoid();
    const { m, v } = moments(d, memory);
    const root = v
      .div(live((o, t) => 1 - o.betas[1] ** t))
      .sqrt()
      .add(live((o) => o.eps));
    slot('previousGrad', () => d);
    const size = live((o, t) => o.lr / (1 - o.betas[0] ** t));
    return p.sub(friction.mul(m).mul(size).div(root));
  }
}
