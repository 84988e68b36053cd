import type { Tensor } from '../../tensor/tensor.js';
import type { OptimizerInput } from '../optimizer.js';
import { Composed, type ComposedOptions, type Memory } from './composed.js';

export interface LionOptions extends ComposedOptions {
  /** Length of a step, the same for every element; ≥ 0; default 1e-4, a tenth of Adam's. */
  lr: number;
  /** Weights of the past in the direction and in the moment; each in [0, 1); default [0.9, 0.99]. */
  betas: readonly [number, number];
  /** θ shrinks by lr · weightDecay of itself; ≥ 0; default 0. */
  weightDecay: number;
}

const defaults: LionOptions = { lr: 1e-4, betas: [0.9, 0.99], weightDecay: 0, maximize: false };

/**
 * Evolved sign momentum: every element moves by the same amount, in the direction of a running mean.
 *
 *   θ = (1 − lr · weightDecay) θ − lr · sign(β₁ m ± (1 − β₁) g)
 *   m = β₂ m ± (1 − β₂) g
 *
 * @source Chen, Liang, Huang, Real, et al. 2023, arXiv:2302.06675, algorithm 2
 */
export class Lion extends Composed<LionOptions> {
  constructor(parameters: OptimizerInput<LionOptions>, options: Partial<LionOptions> = {}) {
    super('Lion', parameters, defaults, options);
  }

  protected override decouples(): boolean {
    return true;
  }

  protected override next(p: Tensor, d: Tensor, { live, before, slot }: Memory<LionOptions>): Tensor {
    const [beta1, rest1] = [live((o) => o.betas[0]), live((o) => 1 - o.betas[0])];
    const [beta2, rest2] = [live((o) => o.betas[1]), live((o) => 1 - o.betas[1])];
    const direction = before('expAvg').mul(beta1).add(d.mul(rest1)).sign();
    slot('expAvg', (m) => m.mul(beta2).add(d.mul(rest2)));
    return p.sub(direction.mul(live((o) => o.lr)));
  }
}
