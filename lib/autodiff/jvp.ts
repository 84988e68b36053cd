import { zerosLike } from '../ops/creation/zeros_like.js';
import { beginning } from '../tensor/op.js';
import { isRecording, isTracked, propagate } from '../tensor/tape.js';
import type { Tensor } from '../tensor/tensor.js';
import { handedOut, pullBack, type Trace, trace } from './trace.js';
import { matching, rebuild, type Tree } from './tree.js';

/**
 * The value y = f(x₁, x₂, …) and its derivative along the tangents, Σᵢ ∂y/∂xᵢ · tᵢ: a Jacobian–vector product, which is
 * forward mode.
 *
 *     const [y, dy] = jvp(sin, [x], [t]);                  // dy = cos(x) · t
 *     const [g, Hv] = jvp(grad(loss), [w], [v]);           // a Hessian–vector product; hvp is cheaper
 *
 * @param f         of tensors, or nested arrays and objects of tensors; returns a tensor or such a tree
 * @param primals   where f is differentiated
 * @param tangents  of the primals' form and shapes; those of integers and booleans are not read
 * @returns         [y, dy], dy of y's form; 0 where nothing that varies influences y
 * @throws ShapeError "jvp: the tangents must have the shapes of the primals, [2] at 0; got [3]"
 * @source  the vjp of the vjp: Townsend 2017, "A new trick for calculating Jacobian vector products"
 */
export function jvp<P extends readonly Tree[] | readonly [], Y extends Tree>(
  f: (...primals: P) => Y,
  primals: P,
  tangents: NoInfer<P>,
): [value: Y, tangent: Y] {
  const [value, along] = linear('jvp', f, primals);
  return [value, along(tangents)];
}

/**
 * The value of f and the function (t₁, t₂, …) ↦ Σᵢ ∂y/∂xᵢ · tᵢ, which is linear: as `jvp`, but f is run once for any
 * number of tangents.
 *
 *     const [y, along] = linearize((x) => x.sin(), x);
 *     const dy = along(t);
 */
export function linearize<P extends readonly Tree[], Y extends Tree>(
  f: (...primals: P) => Y,
  ...primals: P
): [value: Y, along: (...tangents: P) => Y] {
  const [value, along] = linear('linearize', f, primals);
  return [value, (...tangents) => along(tangents)];
}

function linear<P extends readonly Tree[], Y extends Tree>(
  op: string,
  f: (...primals: P) => Y,
  primals: P,
): [value: Y, along: (tangents: readonly Tree[]) => Y] {
  const traced = trace(op, f, primals);
  const along = pushForward(traced);
  return [
    handedOut(traced),
    (tangents) => rebuild(traced.value, along(matching(op, 'the tangents', tangents, 'the primals', primals))),
  ];
}

/**
 * t ↦ J t for a run, on leaves; null stands for a tangent of 0. u ↦ Jᵀ u is linear, so its own vjp is J, at whatever u
 * it was recorded.
 */
export function pushForward(traced: Trace<Tree>): (tangents: readonly (Tensor | null)[]) => Tensor[] {
  const { outputs, waiting } = traced;
  const us = outputs.map((y) => (isTracked(y) ? beginning(zerosLike(y)) : y));
  const dxs = pullBack(traced, us, true);
  return (tangents) => {
    const moving = dxs.flatMap((dx, i) => {
      const tangent = tangents[i];
      return dx === null || tangent === null ? [] : [{ dx, tangent }];
    });
    const createGraph = isRecording() && (waiting || moving.some(({ tangent }) => isTracked(tangent)));
    const dys = propagate(
      moving.map(({ dx }) => dx),
      moving.map(({ tangent }) => tangent),
      us,
      { retainGraph: true, createGraph },
    );
    return dys.map((dy, i) => dy ?? zerosLike(us[i]));
  };
}
