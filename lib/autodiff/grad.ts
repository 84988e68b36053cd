import { StateError } from '../core/errors.js';
import { zerosLike } from '../ops/creation/zeros_like.js';
import { propagate, seed } from '../tensor/tape.js';
import { Tensor } from '../tensor/tensor.js';
import { trace } from './trace.js';
import { rebuild, type Tree } from './tree.js';

export interface GradOptions {
  /**
   * Whether the gradient can be differentiated in turn. Default: if the function's value depends on tracked tensors
   * other than its first argument, or that argument is itself a result that is being differentiated.
   */
  createGraph?: boolean;
}

/**
 * The gradient of a function of one value, with respect to its first argument: a tensor, or nested arrays and objects
 * of tensors. Applied repeatedly it gives derivatives of any order.
 *
 *     grad((x) => x.pow(3).sum())(tensor(2))                 // 12
 *     grad(grad((x) => x.pow(3)))(tensor(2))                 // 12, the second derivative 6x
 *     grad((p, x) => loss(p.w, p.b, x))({ w, b }, x)         // { w: …, b: … }
 *
 * Only the argument varies: a tensor that f takes from outside is a constant, also the very tensor that is the
 * argument. What the value does not depend on has a gradient of 0, and so have integers and booleans among the
 * argument's tensors. What else f computes on the way can be assigned to a variable outside of it.
 *
 * @param f  returns a tensor with one element
 * @throws ValueError "grad: the argument must be a tensor, or arrays and plain objects of tensors; got a number at
 *         rate; close over what is not differentiated"
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
    const { value, inputs, waiting } = trace('grad', (x: T) => f(x, ...rest), [first]);
    if (!(value instanceof Tensor)) {
      throw new StateError('grad: the function must return one tensor; got several; use vjp or jacobian for those');
    }
    const differentiable = createGraph ?? waiting;
    const gradients = propagate([value], [seed('grad', value, undefined)], inputs, {
      retainGraph: differentiable,
      createGraph: differentiable,
    });
    const result = rebuild<T>(
      first,
      gradients.map((g, i) => g ?? zerosLike(inputs[i])),
    );
    return [differentiable ? value : value.detach(), result];
  };
}
