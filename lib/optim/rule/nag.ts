import { StateError } from '../../core/errors.js';
import { noGrad } from '../../tensor/tape.js';
import { overwrite, type Tensor } from '../../tensor/tensor.js';
import type { Closure, OptimizerInput } from '../optimizer.js';
import { Composed, type ComposedOptions, type Memory } from './composed.js';

export interface NAGOptions extends ComposedOptions {
  /** Learning rate; ≥ 0; default 1e-3. */
  lr: number;
  /** How much of the last step is kept; ≥ 0; default 0.9. */
  momentum: number;
}

const defaults: NAGOptions = { lr: 1e-3, momentum: 0.9, weightDecay: 0, maximize: false };

/**
 * Nesterov's accelerated gradient as it was defined: the gradient is computed where the momentum alone would lead. `step`
 * takes a closure, which computes it there. SGD with `nesterov` gives the points of look-ahead without one.
 *
 *   θ' = θ + momentum · v
 *   v = momentum · v − lr · (±g(θ') + weightDecay · θ')
 *   θ = θ + v
 *
 * A closure that throws leaves the parameters as they were.
 *
 * @source Nesterov 1983, "A method of solving a convex programming problem with convergence rate O(1/k²)";
 *         lecture notes 002, line 697
 */
export class NAG extends Composed<NAGOptions> {
  constructor(parameters: OptimizerInput<NAGOptions>, options: Partial<NAGOptions> = {}) {
    super('NAG', parameters, defaults, options);
  }

  override step(closure: Closure): Tensor {
    if (typeof closure !== 'function') {
      throw new StateError(
        `NAG.step: a closure is needed, for the gradient is that of another place; got ${typeof closure}; pass one that does zeroGrad, the loss and backward, and returns the loss`,
      );
    }
    const moved = noGrad(() => this.#lookAhead());
    const back = (parameters: readonly Tensor[]): void => {
      for (const parameter of parameters) overwrite('NAG.step', parameter, moved.get(parameter) as Tensor);
    };
    let loss: Tensor;
    try {
      loss = closure();
    } catch (error) {
      back([...moved.keys()]);
      throw error;
    }
    back([...moved.keys()].filter(({ grad }) => grad === null));
    super.step();
    return loss;
  }

  /** Moves the parameters; returns what they were before. */
  #lookAhead(): Map<Tensor, Tensor> {
    const before = new Map<Tensor, Tensor>();
    for (const group of this.groups) {
      for (const parameter of group.parameters.filter(({ requiresGrad }) => requiresGrad)) {
        before.set(parameter, parameter.detach().clone());
        const { memory } = this.memory(parameter, this.slotsOf(parameter), group);
        const ahead = memory.before('velocity').mul(memory.live((o) => o.momentum));
        overwrite('NAG.step', parameter, parameter.add(ahead));
      }
    }
    return before;
  }

  /** p is where the gradient was computed, which is momentum · v further on: only the gradient's part is missing. */
  protected override next(p: Tensor, d: Tensor, { live, slot }: Memory<NAGOptions>): Tensor {
    const change = d.mul(live((o) => o.lr));
    slot('velocity', (v) => v.mul(live((o) => o.momentum)).sub(change));
    return p.sub(change);
  }
}
