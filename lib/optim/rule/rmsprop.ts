import type { Tensor } from '../../tensor/tensor.js';
import type { OptimizerInput } from '../optimizer.js';
import { Composed, type ComposedOptions, type Memory } from './composed.js';

export interface RMSpropOptions extends ComposedOptions {
  /** Learning rate; ≥ 0; default 1e-2. */
  lr: number;
  /** Weight of the past in the running means; in [0, 1); default 0.99. */
  alpha: number;
  /** Keeps the quotient finite; ≥ 0; default 1e-8. */
  eps: number;
  /** Add eps to the mean square, inside of the root, instead of to the root; default false. */
  epsInside: boolean;
  /** How much of the last step's direction is kept; ≥ 0; default 0. */
  momentum: number;
  /** Divide by the standard deviation instead of the root mean square; default false. */
  centered: boolean;
}

const defaults: RMSpropOptions = {
  lr: 1e-2,
  alpha: 0.99,
  eps: 1e-8,
  epsInside: false,
  momentum: 0,
  centered: false,
  weightDecay: 0,
  maximize: false,
};

/**
 * Divides the gradient by the root of its running mean square.
 *
 *   d = ±g + weightDecay · θ
 *   v = alpha · v + (1 − alpha) · d²         centered: v − a² below, a = alpha · a + (1 − alpha) · d
 *   s = d / (√v + eps)                       epsInside: d / √(v + eps)
 *   θ = θ − lr · s                           momentum: b = momentum · b + s, θ = θ − lr · b
 *
 * @source Hinton 2012, "Neural networks for machine learning", lecture 6e; centred: Graves 2013, arXiv:1308.0850, equations
 *         38 to 41; in PyTorch's form; eps inside of the root: lecture notes 000, line 589, with alpha 0.9 and eps
 *         1e-7
 */
export class RMSprop extends Composed<RMSpropOptions> {
  constructor(parameters: OptimizerInput<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super('RMSprop', parameters, defaults, options);
  }

  protected override next(p: Tensor, d: Tensor, { live, slot, has }: Memory<RMSpropOptions>): Tensor {
    const [alpha, rest] = [live((o) => o.alpha), live((o) => 1 - o.alpha)];
    const [lr, eps] = [live((o) => o.lr), live((o) => o.eps)];
    let v = slot('squareAvg', (v) => v.mul(alpha).add(d.square().mul(rest)));
    if (has((o) => o.centered)) v = v.sub(slot('gradAvg', (a) => a.mul(alpha).add(d.mul(rest))).square());
    const s = d.div(has((o) => o.epsInside) ? v.add(eps).sqrt() : v.sqrt().add(eps));
    if (has((o) => o.momentum === 0)) return p.sub(s.mul(lr));
    const momentum = live((o) => o.momentum);
    return p.sub(slot('momentumBuffer', (b) => b.mul(momentum).add(s)).mul(lr));
  }
}
