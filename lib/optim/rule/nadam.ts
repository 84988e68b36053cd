import type { Tensor } from '../../tensor/tensor.js';
import type { OptimizerInput } from '../optimizer.js';
import { Composed, type ComposedOptions, type Memory } from './composed.js';
import { moments } from './moments.js';

export interface NAdamOptions extends ComposedOptions {
  /** Learning rate; ≥ 0; default 2e-3. */
  lr: number;
  /** Weights of the past in the two moments; each in [0, 1); default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the root of the second moment; ≥ 0; default 1e-8. */
  eps: number;
  /** How fast the momentum rises to β₁; ≥ 0; default 4e-3. */
  momentumDecay: number;
  /** Shrink θ by lr · weightDecay of itself instead, as AdamW; default false. */
  decoupledWeightDecay: boolean;
}

const defaults: NAdamOptions = {
  lr: 2e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  momentumDecay: 4e-3,
  weightDecay: 0,
  decoupledWeightDecay: false,
  maximize: false,
};

/** The momentum of step t: from β₁ / 2 towards β₁. */
const momentumAt = ({ betas, momentumDecay }: NAdamOptions, t: number): number =>
  betas[0] * (1 - 0.5 * 0.96 ** (t * momentumDecay));

/**
 * Adam with Nesterov's momentum: the first moment is taken one step ahead.
 *
 *   d = ±g + weightDecay · θ
 *   μₜ = β₁ (1 − 0.96^(t · momentumDecay) / 2)        π = μ₁ μ₂ … μₜ
 *   m = β₁ m + (1 − β₁) d        v = β₂ v + (1 − β₂) d²
 *   θ = θ − lr · ((1 − μₜ) / (1 − π) · d + μₜ₊₁ / (1 − π μₜ₊₁) · m) / (√(v / (1 − β₂ᵗ)) + eps)
 *
 * @source Dozat 2016, "Incorporating Nesterov momentum into Adam", in the form of PyTorch 2
 */
export class NAdam extends Composed<NAdamOptions> {
  constructor(parameters: OptimizerInput<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super('NAdam', parameters, defaults, options);
  }

  protected override decouples({ decoupledWeightDecay }: NAdamOptions): boolean {
    return decoupledWeightDecay;
  }

  protected override next(p: Tensor, d: Tensor, memory: Memory<NAdamOptions>): Tensor {
    const { live, number } = memory;
    const product = number('muProduct', (before, o, t) => before * momentumAt(o, t));
    const { m, v } = moments(d, memory);
    const root = v
      .div(live((o, t) => 1 - o.betas[1] ** t))
      .sqrt()
      .add(live((o) => o.eps));
    const now = live((o, t) => (o.lr * (1 - momentumAt(o, t))) / (1 - product()));
    const ahead = live((o, t) => (o.lr * momentumAt(o, t + 1)) / (1 - product() * momentumAt(o, t + 1)));
    return p.sub(d.mul(now).add(m.mul(ahead)).div(root));
  }
}
