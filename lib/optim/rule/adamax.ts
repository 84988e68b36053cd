import type { Tensor } from '../../tensor/tensor.js';
import type { OptimizerInput } from '../optimizer.js';
import { Composed, type ComposedOptions, type Memory } from './composed.js';

export interface AdamaxOptions extends ComposedOptions {
  /** Learning rate; ≥ 0; default 2e-3. */
  lr: number;
  /** Weights of the past in the mean and in the largest gradient; each in [0, 1); default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the gradient's size; ≥ 0; default 1e-8. */
  eps: number;
}

const defaults: AdamaxOptions = { lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false };

/**
 * Adam with the largest recent gradient in place of the root mean square.
 *
 *   d = ±g + weightDecay · θ
 *   m = β₁ m + (1 − β₁) d
 *   u = max(β₂ u, |d| + eps)
 *   θ = θ − lr / (1 − β₁ᵗ) · m / u
 *
 * @source Kingma, Ba 2014, arXiv:1412.6980, algorithm 2; eps as in PyTorch
 */
export class Adamax extends Composed<AdamaxOptions> {
  constructor(parameters: OptimizerInput<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super('Adamax', parameters, defaults, options);
  }

  protected override next(p: Tensor, d: Tensor, { live, slot }: Memory<AdamaxOptions>): Tensor {
    const [beta1, rest1] = [live((o) => o.betas[0]), live((o) => 1 - o.betas[0])];
    const [beta2, eps] = [live((o) => o.betas[1]), live((o) => o.eps)];
    const m = slot('expAvg', (m) => m.mul(beta1).add(d.mul(rest1)));
    const u = slot('expInf', (u) => u.mul(beta2).maximum(d.abs().add(eps)));
    return p.sub(m.div(u).mul(live((o, t) => o.lr / (1 - o.betas[0] ** t))));
  }
}
