import { zerosLike } from '../ops/creation/zeros_like.js';
import { isRecording, isTracked } from '../tensor/tape.js';
import { handedOut, pullBack, trace } from './trace.js';
import { matching, rebuild, type Tree } from './tree.js';

/**
 * The value y = f(x₁, x₂, …) and the function u ↦ (uᵀ ∂y/∂x₁, uᵀ ∂y/∂x₂, …): a vector–Jacobian product, which is
 * reverse mode. f is run once; the function may be called any number of times.
 *
 *     const [y, pullback] = vjp((x, w) => x.matmul(w), x, w);
 *     const [dx, dw] = pullback(dy);
 *
 * @param f        of tensors, or nested arrays and objects of tensors; returns a tensor or such a tree
 * @param primals  where f is differentiated. Integers and booleans are constants; their gradient is 0.
 * @returns        [y, pullback]: from a cotangent of y's form to one gradient for each primal, of its form
 * @throws ShapeError "vjp: the cotangent must have the shapes of the value, [2]; got [3]"
 */
export function vjp<P extends readonly Tree[], Y extends Tree>(
  f: (...primals: P) => Y,
  ...primals: P
): [value: Y, pullback: (cotangent: Y) => P] {
  const traced = trace('vjp', f, primals);
  const { value, inputs, waiting } = traced;
  const pullback = (cotangent: Y): P => {
    const seeds = matching('vjp', 'the cotangent', cotangent, 'the value', value);
    const createGraph = isRecording() && (waiting || seeds.some(isTracked));
    const gradients = pullBack(traced, seeds, createGraph);
    return rebuild(
      primals,
      gradients.map((g, i) => g ?? zerosLike(inputs[i])),
    );
  };
  return [handedOut(traced), pullback];
}
