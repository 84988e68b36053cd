import type { Tensor } from '../../tensor/tensor.js';
import type { OptimizerInput } from '../optimizer.js';
import { Composed, type ComposedOptions, type Memory } from './composed.js';

export interface AdadeltaOptions extends ComposedOptions {
  /** Factor on the step; ≥ 0; default 1. */
  lr: number;
  /** Weight of the past in both running means; in [0, 1); default 0.9. */
  rho: number;
  /** Added to both mean squares, inside of their roots; ≥ 0; default 1e-6. */
  eps: number;
}

const defaults: AdadeltaOptions = { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false };

/**
 * Steps in the parameter's own unit: the gradient, over its root mean square, times that of the steps so far.
 *
 *   d = ±g + weightDecay · θ
 *   v = rho · v + (1 − rho) · d²
 *   s = √(u + eps) / √(v + eps) · d
 *   u = rho · u + (1 − rho) · s²
 *   θ = θ − lr · s
 *
 * @source Zeiler 2012, arXiv:1212.5701, algorithm 1
 */
export class Adadelta extends Composed<AdadeltaOptions> {
  constructor(parameters: OptimizerInput<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super('Adadelta', parameters, defaults, options);
  }

  protected override next(p: Tensor, d: Tensor, { live, before, slot }: Memory<AdadeltaOptions>): Tensor {
    const [rho, rest, eps] = [live((o) => o.rho), live((o) => 1 - o.rho), live((o) => o.eps)];
    const v = slot('squareAvg', (v) => v.mul(rho).add(d.square().mul(rest)));
    const s = before('accDelta').add(eps).sqrt().div(v.add(eps).sqrt()).mul(d);
    slot('accDelta', (u) => u.mul(rho).add(s.square().mul(rest)));
    return p.sub(s.mul(live((o) => o.lr)));
  }
}
