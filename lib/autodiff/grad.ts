import { StateError } from '../core/errors.js';
import { zerosLike } from '../ops/zeros_like.js';
import { alias } from '../tensor/op.js';
import { isRecording, isTracked, type Node, propagate, seed, withRecording } from '../tensor/tape.js';
import { Tensor } from '../tensor/tensor.js';
import { leaves, rebuild, type Tree } from './tree.js';

export interface GradOptions {
  /**
   * Whether the gradient can be differentiated in turn. Default: if the function's value depends on tracked tensors other
   * than its first argument, or that argument is itself a result that is being differentiated.
   */
  createGraph?: boolean;
}

/**
 * The gradient of a function of one value, with respect to its first argument: a tensor, or nested arrays and objects of
 * tensors. Applied repeatedly it gives derivatives of any order.
 *
 *     grad((x) => x.pow(3).sum())(tensor(2))                 // 12
 *     grad(grad((x) => x.pow(3)))(tensor(2))                 // 12, the second derivative 6x
 *     grad((p, x) => loss(p.w, p.b, x))({ w, b }, x)         // { w: …, b: … }
 *
 * @param f  returns a tensor with one element
 */
export function grad<T extends Tree = Tensor, R extends readonly unknown[] = any[]>(
  f: (first: T, ...rest: R) => Tensor,
  options?: GradOptions,
): (first: T, ...rest: R) => T {
  const both = valueAndGrad(f, options);
  return (first, ...rest) => both(first, ...rest)[1];
}

/** As `grad`, but returns the function's value beside the gradient: `[value, gradient]`. */
export function valueAndGrad<T extends Tree = Tensor, R extends readonly unknown[] = any[]>(
  f: (first: T, ...rest: R) => Tensor,
  { createGraph }: GradOptions = {},
): (first: T, ...rest: R) => [value: Tensor, gradient: T] {
  return (first, ...rest) => {
    const given = leaves(first);
    // What is tracked stands for itself; a constant becomes a leaf of this call's own.
    const inputs = given.map((x) => (isTracked(x) ? x : x.detach().requireGrad()));
    // Recording also within noGrad. A leaf goes in as a result, by which a grad inside f knows that this one is waiting.
    const value = withRecording(true, () =>
      f(
        rebuild(
          first,
          inputs.map((x) => (x.node === null ? alias(x) : x)),
        ),
        ...rest,
      ),
    );
    if (!(value instanceof Tensor)) {
      throw new StateError(
        `grad: the function must return a tensor at once; got ${typeOf(value)}; async functions cannot be differentiated`,
      );
    }
    const differentiable = createGraph ?? (isRecording() && dependsOnOthers(value, given, inputs));
    const gradients = isTracked(value)
      ? propagate([value], [seed('grad', value, undefined)], inputs, {
          retainGraph: differentiable,
          createGraph: differentiable,
        })
      : inputs.map(() => null);
    const result = rebuild(
      first,
      gradients.map((g, i) => g ?? zerosLike(inputs[i])),
    );
    return [differentiable ? value : value.detach(), result];
  };
}

const typeOf = (value: unknown): string => (value instanceof Promise ? 'a promise' : typeof value);

/** Whether someone outside of this call may want to differentiate its result. */
function dependsOnOthers(value: Tensor, given: readonly Tensor[], inputs: readonly Tensor[]): boolean {
  if (given.some((x) => x.node !== null)) return true;
  const own = new Set(inputs);
  const seen = new Set<Node>();
  const stack: (Node | Tensor)[] = [value.node ?? value];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (at instanceof Tensor) {
      if (at.requiresGrad && !own.has(at)) return true;
    } else if (!seen.has(at)) {
      seen.add(at);
      for (const input of at.inputs) if (input !== null) stack.push(input.to);
    }
  }
  return false;
}
