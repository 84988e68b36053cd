import { run } from '../../backend/index.js';
import { ValueError } from '../../core/errors.js';
import { decidedBy } from '../../core/recording.js';
import { sizeOf } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { OptimizerInput, Slots } from '../optimizer.js';
import { FirstOrder, stepKernel } from './first_order.js';

export interface SGDOptions {
  /** Learning rate; ≥ 0; default 1e-3. */
  lr: number;
  /** How much of the last step's direction is kept; ≥ 0; default 0. */
  momentum: number;
  /** How much of the gradient does not enter the direction; ≥ 0; default 0. */
  dampening: number;
  /** L2 penalty: weightDecay · θ is added to the gradient; ≥ 0; default 0. */
  weightDecay: number;
  /** Take the gradient's direction one step ahead; needs momentum > 0 and no dampening; default false. */
  nesterov: boolean;
  /**
   * Keep steps instead of directions: what is kept has its own learning rate in it, and a lower one slows the new part only.
   * Default false.
   */
  rateInVelocity: boolean;
  /** Ascend instead of descend; default false. */
  maximize: boolean;
}

const defaults: SGDOptions = {
  lr: 1e-3,
  momentum: 0,
  dampening: 0,
  weightDecay: 0,
  nesterov: false,
  rateInVelocity: false,
  maximize: false,
};

// θ − lr · (g + decay · θ); with momentum its update 3, and one more product and sum for Nesterov's.
stepKernel(
  'sgdStep',
  ({ length, 0: { shape } }, [, , , nesterov]) => sizeOf(shape) * (length === 2 ? 4 : nesterov ? 9 : 7),
);

/**
 * Stochastic gradient descent, with momentum where it is asked for.
 *
 *   d = ±g + weightDecay · θ
 *   b = momentum · b + (1 − dampening) · d        b = d in the first step
 *   θ = θ − lr · b                                nesterov: θ − lr · (d + momentum · b)
 *
 * With `rateInVelocity`, which is the same while lr does not change:
 *
 *   b = momentum · b + (1 − dampening) · lr · d
 *   θ = θ − b                                     nesterov: θ − (lr · d + momentum · b)
 *
 * @source Sutskever, Martens, Dahl, Hinton 2013, "On the importance of initialization and momentum in deep learning";
 *         in PyTorch's form, where lr multiplies the whole direction; the rate in the velocity:
 *         lecture notes 000, line 581; lecture notes 001, line 846 (line 848 has the wrong sign);
 *         lecture notes 002, line 689; lecture notes 004, lines 3349–3355
 */
export class SGD extends FirstOrder<SGDOptions> {
  protected override readonly keepsNoGradient = true;

  constructor(parameters: OptimizerInput<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super('SGD', parameters, defaults, options);
  }

  protected override check(op: string, options: SGDOptions): void {
    super.check(op, options);
    if (options.nesterov && (options.momentum === 0 || options.dampening !== 0)) {
      throw new ValueError(
        `${op}: nesterov needs momentum > 0 and dampening 0; got momentum ${options.momentum} and dampening ${options.dampening}`,
      );
    }
  }

  protected override update(parameter: Tensor, grad: Tensor, slots: Slots, options: SGDOptions): void {
    let first = !('momentumBuffer' in slots.tensors);
    const buffer = decidedBy(() => options.momentum === 0) ? [] : [this.slot(slots, 'momentumBuffer', parameter)];
    run('sgdStep', [parameter, ...buffer, grad], () => {
      const { lr, momentum, dampening, weightDecay, nesterov, rateInVelocity, maximize } = options;
      // The first direction is the gradient itself: undamped, on a buffer of zeros.
      const intake = first ? 1 : 1 - dampening;
      first = false;
      const [inner, outer] = rateInVelocity && momentum !== 0 ? [lr, 1] : [1, lr];
      return [outer, momentum, intake, Number(nesterov), weightDecay, Number(maximize), inner];
    });
  }
}
