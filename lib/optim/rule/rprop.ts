import { where } from '../../ops/indexing/where.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { OptimizerInput } from '../optimizer.js';
import { Composed, type ComposedOptions, type Memory } from './composed.js';

export interface RpropOptions extends ComposedOptions {
  /** Length of the first step; ≥ 0; default 1e-2. */
  lr: number;
  /** Factors on the step where the gradient's sign has changed, and where not; each > 0; default [0.5, 1.2]. */
  etas: readonly [number, number];
  /** The shortest and the longest step; each > 0; default [1e-6, 50]. */
  stepSizes: readonly [number, number];
}

const defaults: RpropOptions = { lr: 1e-2, etas: [0.5, 1.2], stepSizes: [1e-6, 50], weightDecay: 0, maximize: false };

/**
 * Resilient propagation: each element has a step of its own, which grows while the gradient keeps its sign. For gradients
 * of all of the data: those of batches change their sign by chance.
 *
 *   s = sign(d · d before)
 *   η = η⁺ η where s > 0,  η⁻ η where s < 0        within stepSizes; lr before the first step
 *   d = 0 where s < 0
 *   θ = θ − η · sign d
 *
 * @source Riedmiller, Braun 1993, "A direct adaptive method for faster backpropagation learning: the RPROP algorithm", in
 *         PyTorch's form, without taking the last step back
 */
export class Rprop extends Composed<RpropOptions> {
  constructor(parameters: OptimizerInput<RpropOptions>, options: Partial<RpropOptions> = {}) {
    super('Rprop', parameters, defaults, options);
  }

  protected override next(p: Tensor, d: Tensor, { live, before, slot }: Memory<RpropOptions>): Tensor {
    const sign = d.mul(before('previousGrad')).sign();
    const [less, more] = [live((o) => o.etas[0]), live((o) => o.etas[1])];
    const factor = where(
      sign.gt(0),
      more,
      where(
        sign.lt(0),
        less,
        live(() => 1),
      ),
    );
    const [shortest, longest] = [live((o) => o.stepSizes[0]), live((o) => o.stepSizes[1])];
    const size = slot(
      'stepSize',
      (size) => size.mul(factor).maximum(shortest).minimum(longest),
      (o) => o.lr,
    );
    const kept = slot('previousGrad', () =>
      where(
        sign.lt(0),
        live(() => 0),
        d,
      ),
    );
    return p.sub(kept.sign().mul(size));
  }
}
