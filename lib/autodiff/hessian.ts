import type { Tensor } from '../tensor/tensor.js';
import { grad } from './grad.js';
import { type Jacobian, jacobian } from './jacobian.js';
import { matching, rebuild, type Tree } from './tree.js';
import { vjp } from './vjp.js';

/**
 * The second derivatives of a function of one value with respect to its first argument:
 *
 *   H[i…, j…] = ∂²y / (∂x[i…] ∂x[j…])        x [n…], H [n…, n…]
 *
 * Trees give nested blocks: `hessian(f)({ w, b }).w.b` is ∂²y / ∂w∂b. Differentiable in turn.
 *
 *     hessian((x) => x.pow(3).sum())(tensor([1, 2]))          // [[6, 0], [0, 12]]
 *
 * Reverse over reverse, one backward through the gradient's tape for each element of x: the matrix is square, so rows
 * and columns are equally many, and forward mode, being made of two reverse ones, takes the longer tape for the same
 * number.
 *
 * @param f  returns a tensor with one element
 */
export function hessian<T extends Tree = Tensor, R extends readonly unknown[] = any[]>(
  f: (first: T, ...rest: R) => Tensor,
): (first: T, ...rest: R) => Jacobian<T, T> {
  return jacobian(grad(f));
}

/**
 * The product of the Hessian with a vector, without the matrix: H v = ∂(∇f · v) / ∂x, for about the cost of two
 * gradients.
 *
 *     hvp(loss)(weights, direction, x, y)        // of the form of weights
 *
 * @param f  returns a tensor with one element
 * @returns  (first, v, ...rest) ↦ H v; v of the form and shapes of the first argument
 * @throws ShapeError "hvp: v must have the shapes of the first argument, [3]; got [2]"
 * @source   Pearlmutter 1994, "Fast exact multiplication by the Hessian"; by the vjp of the gradient, H being symmetric
 */
export function hvp<T extends Tree = Tensor, R extends readonly unknown[] = any[]>(
  f: (first: T, ...rest: R) => Tensor,
): (first: T, v: NoInfer<T>, ...rest: R) => T {
  const gradient = grad(f);
  return (first, v, ...rest) => {
    const seeds = matching('hvp', 'v', v, 'the first argument', first);
    const [, pullback] = vjp((x: T) => gradient(x, ...rest), first);
    return pullback(rebuild(first, seeds))[0];
  };
}
