import { run } from '../../backend/index.js';
import { decidedBy } from '../../core/recording.js';
import { sizeOf } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { OptimizerInput, Slots } from '../optimizer.js';
import { FirstOrder, stepKernel } from './first_order.js';

export interface AdamOptions {
  /** Learning rate; ≥ 0; default 1e-3. */
  lr: number;
  /** Weights of the past in the two moments; each in [0, 1); default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the root of the second moment; ≥ 0; default 1e-8. */
  eps: number;
  /** Add eps to the second moment, inside of the root, instead of to the root; default false. */
  epsInside: boolean;
  /**
   * ≥ 0. Adam: L2 penalty, weightDecay · θ is added to the gradient; default 0. AdamW: θ shrinks by lr · weightDecay of
   * itself; default 0.01.
   */
  weightDecay: number;
  /** Divide by the largest second moment so far; default false. */
  amsgrad: boolean;
  /** Ascend instead of descend; default false. */
  maximize: boolean;
}

const defaults: AdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  epsInside: false,
  weightDecay: 0,
  amsgrad: false,
  maximize: false,
};

// g + decay · θ 2, first moment 3, second 4, √v / c + eps 3, θ 4; its maximum 1.
stepKernel('adamStep', ({ length, 0: { shape } }) => sizeOf(shape) * (length === 4 ? 16 : 17));

/** The common parts of Adam and AdamW, which differ in what weight decay does. */
abstract class AdamRule extends FirstOrder<AdamOptions> {
  protected override readonly keepsNoGradient = true;

  /**
   * @param decay  what part of θ is added to the gradient (penalty), and what part of θ is left before the step (shrink)
   */
  protected apply(
    parameter: Tensor,
    grad: Tensor,
    slots: Slots,
    options: AdamOptions,
    decay: (options: AdamOptions) => { penalty?: number; shrink?: number },
  ): void {
    const names = decidedBy(() => options.amsgrad) ? ['expAvg', 'expAvgSq', 'maxExpAvgSq'] : ['expAvg', 'expAvgSq'];
    const state = names.map((name) => this.slot(slots, name, parameter));
    run('adamStep', [parameter, ...state, grad], () => {
      const step = (slots.numbers['step'] ?? 0) + 1;
      slots.numbers['step'] = step;
      const { lr, betas, eps, epsInside, maximize } = options;
      const [beta1, beta2] = betas;
      const { penalty = 0, shrink = 1 } = decay(options);
      const stepSize = lr / (1 - beta1 ** step);
      const rootCorrection = Math.sqrt(1 - beta2 ** step);
      const outside = epsInside ? 0 : eps;
      return [stepSize, rootCorrection, beta1, beta2, outside, penalty, shrink, Number(maximize), eps - outside];
    });
  }
}

/**
 * Adam: steps of equal size for small and large gradients, by running means of the gradient and of its square.
 *
 *   d = ±g + weightDecay · θ
 *   m = β₁ m + (1 − β₁) d            m̂ = m / (1 − β₁ᵗ)
 *   v = β₂ v + (1 − β₂) d²           v̂ = v / (1 − β₂ᵗ)        amsgrad: the largest v so far
 *   θ = θ − lr · m̂ / (√v̂ + eps)                                epsInside: m̂ / √(v̂ + eps)
 *
 * @source Kingma, Ba 2014, arXiv:1412.6980, algorithm 1; amsgrad: Reddi, Kale, Kumar 2018, "On the convergence of Adam
 *         and beyond", as PyTorch has it (bias correction after the maximum); eps inside of the root: D, after line 629
 */
export class Adam extends AdamRule {
  constructor(parameters: OptimizerInput<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super('Adam', parameters, defaults, options);
  }

  protected override update(parameter: Tensor, grad: Tensor, slots: Slots, options: AdamOptions): void {
    this.apply(parameter, grad, slots, options, ({ weightDecay }) => ({ penalty: weightDecay }));
  }
}

/**
 * Adam with decoupled weight decay: the parameter shrinks by lr · weightDecay of itself, past the moments, so that all
 * weights decay equally however large their gradients are.
 *
 *   θ = (1 − lr · weightDecay) · θ, then Adam's step without a penalty
 *
 * @source Loshchilov, Hutter 2017, arXiv:1711.05101, algorithm 2, with PyTorch's product of decay and learning rate
 */
export class AdamW extends AdamRule {
  constructor(parameters: OptimizerInput<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super('AdamW', parameters, { ...defaults, weightDecay: 0.01 }, options);
  }

  protected override update(parameter: Tensor, grad: Tensor, slots: Slots, options: AdamOptions): void {
    this.apply(parameter, grad, slots, options, ({ lr, weightDecay }) => ({ shrink: 1 - lr * weightDecay }));
  }
}
