import { capture } from '../../capture/index.js';
import { StateError } from '../../core/errors.js';
import { decidedBy, everyStep, recording } from '../../core/recording.js';
import { liveNumber } from '../../tensor/live_number.js';
import { noGrad } from '../../tensor/tape.js';
import { overwrite, type Tensor } from '../../tensor/tensor.js';
import { type Closure, keptLike, type OptimizerOptions, type Slots } from '../optimizer.js';
import { FirstOrder } from './first_order.js';

export interface ComposedOptions extends OptimizerOptions {
  /** L2 penalty: weightDecay · θ is added to the gradient; ≥ 0; default 0. */
  weightDecay: number;
  /** Ascend instead of descend; default false. */
  maximize: boolean;
}

/** What a rule composed of ops may use beside the parameter and its gradient. */
export interface Memory<O> {
  /** A number of the options and of the step, counted from 1; asked again at every replay of a captured step. */
  live(of: (options: O, step: number) => number): Tensor<[]>;
  /** What an earlier step left in a slot; in the first step 0, or `initial`, everywhere. */
  before(name: string, initial?: (options: O) => number): Tensor;
  /** Keeps what `next` makes of a slot for the next step, and returns it. */
  slot(name: string, next: (before: Tensor) => Tensor, initial?: (options: O) => number): Tensor;
  /** As `slot`, for a number, 1 before the first step; to be read by `live`. */
  number(name: string, next: (before: number, options: O, step: number) => number): () => number;
  /** Whether something holds of the options and the step; decides which ops a rule is made of. */
  has(what: (options: O, step: number) => boolean): boolean;
}

/**
 * A first-order rule that is written as its formula, in ops: `next` gives the parameter's next value. A step is captured, so
 * that the ops of a parameter are fused into a few passes over its elements; what decides which ops these are is asked by
 * `has`, and what changes from step to step by `live`. A rule that reads a tensor's value runs op by op.
 */
export abstract class Composed<O extends ComposedOptions = ComposedOptions> extends FirstOrder<O> {
  protected override readonly keepsNoGradient: boolean = true;
  readonly #fused = capture(
    () => {
      super.step();
    },
    { otherwise: () => {} },
  );

  override step(closure: Closure): Tensor;
  override step(closure?: Closure): Tensor | undefined;
  override step(closure?: Closure): Tensor | undefined {
    const loss = closure?.();
    this.#fused();
    return loss;
  }

  /**
   * The parameter's next value; not recorded.
   *
   * @param p  the parameter; where weight decay is decoupled, already smaller by lr · weightDecay of itself
   * @param d  the direction of ascent: ±g, and where weight decay is a penalty, + weightDecay · θ
   */
  protected abstract next(p: Tensor, d: Tensor, memory: Memory<O>): Tensor;

  /** Whether weight decay shrinks the parameter itself instead of entering the direction. */
  protected decouples(_options: O): boolean {
    return false;
  }

  protected override update(parameter: Tensor, grad: Tensor, slots: Slots, options: O): void {
    if (grad.storage === parameter.storage) refuseShared(this.name);
    noGrad(() => {
      const { memory, write } = this.memory(parameter, slots, options);
      let p = parameter;
      let d = memory.has(({ maximize }) => maximize) ? grad.neg() : grad;
      if (memory.has(({ weightDecay }) => weightDecay !== 0)) {
        if (memory.has((now) => this.decouples(now))) p = p.mul(memory.live((now) => 1 - now.lr * now.weightDecay));
        else d = d.add(p.mul(memory.live(({ weightDecay }) => weightDecay)));
      }
      overwrite(`${this.name}.step`, parameter, this.next(p, d, memory));
      write();
      // At the end: what decides about a captured step is asked before it.
      everyStep(() => {
        slots.numbers['step'] = stepOf(slots);
      });
    });
  }

  /**
   * @returns write  to be called when the parameter is written: until then slots hold what they held, so that all ops which
   *                 read them can be one pass
   */
  protected memory(parameter: Tensor, slots: Slots, options: O): { memory: Memory<O>; write: () => void } {
    const { numbers, tensors } = slots;
    const values = new Map<Tensor, Tensor>();
    const write = (): void => {
      for (const [slot, value] of values) overwrite(`${this.name}.step`, slot, value);
    };
    const before: Memory<O>['before'] = (name, initial = () => 0) => {
      tensors[name] ??= keptLike(parameter, initial(options));
      return tensors[name];
    };
    const memory: Memory<O> = {
      before,
      live: (of) => liveNumber(parameter.dtype, () => of(options, stepOf(slots))),
      slot: (name, next, initial) => {
        const slot = before(name, initial);
        const value = next(slot);
        values.set(slot, value);
        return value;
      },
      number: (name, next) => {
        everyStep(() => {
          numbers[name] = next(numbers[name] ?? 1, options, stepOf(slots));
        });
        return () => numbers[name];
      },
      has: (what) => decidedBy(() => what(options, stepOf(slots))),
    };
    return { memory, write };
  }
}

/** The step that is being taken, counted from 1. */
const stepOf = ({ numbers }: Slots): number => (numbers['step'] ?? 0) + 1;

/** A plan finds other memory for the gradient in each run, and would for the parameter. */
function refuseShared(name: string): void {
  recording()?.refuse(
    new StateError(`${name}.step: a captured gradient must have memory of its own; got its parameter's; clone() it`),
  );
}
