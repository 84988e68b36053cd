import type { Tensor } from '../../tensor/tensor.js';
import type { OptimizerInput } from '../optimizer.js';
import { Composed, type ComposedOptions, type Memory } from './composed.js';
import { moments } from './moments.js';

export interface RAdamOptions extends ComposedOptions {
  /** Learning rate; ≥ 0; default 1e-3. */
  lr: number;
  /** Weights of the past in the two moments; each in [0, 1); default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the root of the second moment; ≥ 0; default 1e-8. */
  eps: number;
  /** Shrink θ by lr · weightDecay of itself instead, as AdamW; default false. */
  decoupledWeightDecay: boolean;
}

const defaults: RAdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  decoupledWeightDecay: false,
  maximize: false,
};

/** √((ρ − 4) (ρ − 2) ρ∞ / ((ρ∞ − 4) (ρ∞ − 2) ρ)), where the variance of the adaptive rate is known: ρ > 5; else 0. */
function rectification({ betas }: RAdamOptions, t: number): number {
  const [, beta2] = betas;
  const most = 2 / (1 - beta2) - 1;
  const rho = most - (2 * t * beta2 ** t) / (1 - beta2 ** t);
  return rho > 5 ? Math.sqrt(((rho - 4) * (rho - 2) * most) / ((most - 4) * (most - 2) * rho)) : 0;
}

/**
 * Adam that begins with plain momentum, until enough squares were seen for their mean to be trusted.
 *
 *   d = ±g + weightDecay · θ
 *   m = β₁ m + (1 − β₁) d        v = β₂ v + (1 − β₂) d²
 *   ρ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ),    ρ∞ = 2 / (1 − β₂) − 1
 *   θ = θ − lr / (1 − β₁ᵗ) · m · r √(1 − β₂ᵗ) / (√v + eps)        where ρ ≤ 5: θ − lr / (1 − β₁ᵗ) · m
 *
 *   r = √((ρ − 4) (ρ − 2) ρ∞ / ((ρ∞ − 4) (ρ∞ − 2) ρ))
 *
 * @source Liu, Jiang, He, Chen, Liu, Gao, Han 2019, arXiv:1908.03265, algorithm 2, with PyTorch's bound of 5
 */
export class RAdam extends Composed<RAdamOptions> {
  constructor(parameters: OptimizerInput<RAdamOptions>, options: Partial<RAdamOptions> = {}) {
    super('RAdam', parameters, defaults, options);
  }

  protected override decouples({ decoupledWeightDecay }: RAdamOptions): boolean {
    return decoupledWeightDecay;
  }

  protected override next(p: Tensor, d: Tensor, memory: Memory<RAdamOptions>): Tensor {
    const { live } = memory;
    const { m, v } = moments(d, memory);
    // Until it is rectified the divisor is √v · 0 + 1: a captured step has the same ops in every step.
    const share = live((o, t) => Number(rectification(o, t) > 0));
    const rest = live((o, t) => (rectification(o, t) > 0 ? o.eps : 1));
    const size = live((o, t) => {
      const factor = rectification(o, t) * Math.sqrt(1 - o.betas[1] ** t);
      return (o.lr / (1 - o.betas[0] ** t)) * (factor || 1);
    });
    return p.sub(m.mul(size).div(v.sqrt().mul(share).add(rest)));
  }
}
