import { checkArray, checkFunction } from '../core/check.js';
import { isFloat } from '../core/dtype.js';
import { StateError } from '../core/errors.js';
import { alias, beginning } from '../tensor/op.js';
import { isRecording, isTracked, type Node, propagate, withRecording } from '../tensor/tape.js';
import { Tensor } from '../tensor/tensor.js';
import { checkedLeaves, rebuild, type Tree } from './tree.js';

/** A run of a function with its tape: what every transform starts from. */
export interface Trace<Y extends Tree> {
  value: Y;
  /** The tensors of `value`. */
  outputs: readonly Tensor[];
  /** What the function was given for the tensors of its arguments. Integers and booleans are passed as they are. */
  inputs: readonly Tensor[];
  /**
   * Whether someone outside may want to differentiate what is made of this run: an argument is itself a result that is
   * being differentiated, or the value depends on another tracked tensor.
   */
  waiting: boolean;
}

/**
 * Runs f, also within noGrad, on arguments of this run's own. They are aliases, so that a use of the same tensor from
 * outside of f is a constant (the inner x of x ↦ d/dy (x · y) at y = x), and so that a transform inside f knows that
 * this one waits.
 */
export function trace<P extends readonly Tree[], Y extends Tree>(
  op: string,
  f: (...primals: P) => Y,
  primals: P,
): Trace<Y> {
  checkFunction(op, 'f', f);
  checkArray(op, 'the primals', primals);
  const given = checkedLeaves(
    op,
    primals.length === 1 ? 'the argument' : 'the arguments',
    primals.length === 1 ? primals[0] : primals,
  );
  const { inputs, value } = withRecording(true, () => {
    const inputs = given.map((x) => {
      if (!isFloat(x.dtype)) return x;
      return isTracked(x) ? alias(x) : beginning(x);
    });
    return { inputs, value: f(...rebuild<P>(primals, inputs)) };
  });
  if (value instanceof Promise) {
    throw new StateError(
      `${op}: the function must return its result at once; got a promise; async functions cannot be differentiated`,
    );
  }
  const outputs = checkedLeaves(op, "the function's result", value);
  const waiting = isRecording() && (given.some((x) => x.node !== null) || dependsOnOthers(outputs, inputs));
  return { value, outputs, inputs, waiting };
}

/** Whether results depend on tracked tensors other than these. */
function dependsOnOthers(results: readonly Tensor[], inputs: readonly Tensor[]): boolean {
  const seen = new Set<Node | Tensor>(inputs.map((x) => x.node ?? x));
  const stack: (Node | Tensor)[] = results.map((x) => x.node ?? x);
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    // A leaf, or the argument of a run around this one.
    if (at instanceof Tensor ? at.requiresGrad : at.op === 'beginning') return true;
    if (!(at instanceof Tensor)) for (const input of at.inputs) input !== null && stack.push(input.to);
  }
  return false;
}

/** The value as a caller gets it: without its history where nobody waits for it. */
export const handedOut = <Y extends Tree>({ value, outputs, waiting }: Trace<Y>): Y =>
  waiting
    ? value
    : rebuild(
        value,
        outputs.map((y) => y.detach()),
      );

/** Jᵀ u for a run, on leaves; null where nothing of it reaches an input. May be called again. */
export function pullBack(
  { outputs, inputs }: Trace<Tree>,
  seeds: readonly Tensor[],
  createGraph: boolean,
): (Tensor | null)[] {
  const tracked = (_: Tensor, i: number): boolean => isTracked(outputs[i]);
  return propagate(outputs.filter(tracked), seeds.filter(tracked), inputs, { retainGraph: true, createGraph });
}
