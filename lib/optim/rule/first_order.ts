import { type KernelFacts, kernel } from '../../backend/index.js';
import { decidedBy, everyStep } from '../../core/recording.js';
import { readGradient, type Tensor, touch } from '../../tensor/tensor.js';
import { type Closure, checkGradient, keptLike, Optimizer, type OptimizerOptions, type Slots } from '../optimizer.js';

/** Says what a rule's kernel does: it reads and writes a parameter and its state; the last view, the gradient, it reads. */
export const stepKernel = (name: string, flops: KernelFacts['flops']): void =>
  kernel(name, { writes: ({ length }) => length - 1, updates: true, flops });

/** An optimiser that changes each parameter by its own gradient and memory alone: `update` is the rule for one. */
export abstract class FirstOrder<O extends OptimizerOptions = OptimizerOptions> extends Optimizer<O> {
  /** Whether `update` is done with the gradient when it returns: then the next backward may compute in its memory. */
  protected readonly keepsNoGradient: boolean = false;

  /** Updates every parameter that requires a gradient and has one. */
  override step(closure: Closure): Tensor;
  override step(closure?: Closure): Tensor | undefined;
  override step(closure?: Closure): Tensor | undefined {
    const loss = closure?.();
    decidedBy(() => this.changes);
    for (const group of this.groups) {
      everyStep(() => this.check(this.name, group));
      for (const parameter of group.parameters) {
        const grad = this.keepsNoGradient ? readGradient(parameter) : parameter.grad;
        if (grad === null || !decidedBy(() => parameter.requiresGrad)) continue;
        checkGradient(this.name, parameter, grad);
        this.update(parameter, grad, this.slotsOf(parameter), group);
        touch(`${this.name}.step`, parameter);
      }
    }
    return loss;
  }

  /**
   * Writes the parameter's next value over it, and its slots'; one kernel call, with its numbers as a function: it is asked
   * again at every replay of a captured step.
   */
  protected abstract update(parameter: Tensor, grad: Tensor, slots: Slots, options: O): void;

  /** A state tensor of the parameter's shape and dtype; zeros when it is first asked for. */
  protected slot(slots: Slots, name: string, parameter: Tensor): Tensor {
    slots.tensors[name] ??= keptLike(parameter);
    return slots.tensors[name];
  }
}
