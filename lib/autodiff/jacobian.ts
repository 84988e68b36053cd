import type { IsAny, Shape } from '../core/types.js';
import { stack } from '../ops/shape/stack.js';
import { to } from '../ops/shape/to.js';
import { fill, fromStorage } from '../tensor/create.js';
import type { Tensor } from '../tensor/tensor.js';
import { pushForward } from './jvp.js';
import { pullBack, type Trace, trace } from './trace.js';
import { rebuild, type Tree } from './tree.js';

/** Of a tensor by a tensor: the axes of y, then those of x. Of a tree by a tree: in each leaf of y, the tree of x. */
export type Jacobian<Y, X> = Y extends Tensor<infer S, any> ? Row<S, X> : { [K in keyof Y]: Jacobian<Y[K], X> };
type Row<S extends Shape, X> =
  X extends Tensor<infer T, infer D> ? Tensor<Joined<S, T>, D> : { [K in keyof X]: Row<S, X[K]> };
type Joined<S extends Shape, T extends Shape> =
  IsAny<S> extends true ? any : IsAny<T> extends true ? any : [...S, ...T];

export interface JacobianOptions {
  /**
   * 'reverse' costs a backward for each element of the result, 'forward' one for each element of the argument, through
   * a tape of about twice the length; default 'reverse'.
   */
  mode?: 'reverse' | 'forward';
}

/**
 * All partial derivatives of a function with respect to its first argument, in numerator layout:
 *
 *   J[i…, j…] = ∂y[i…] / ∂x[j…]        x [n…], y [m…], J [m…, n…]
 *
 * For vectors, a row an element of y and a column an element of x. The denominator layout is its transpose,
 * `J.transpose()`. Trees give blocks: `jacobian(f)({ w, b })` has the fields w and b, and where f returns `{ u, v }`,
 * these within u and v. Differentiable in turn.
 *
 *     jacobian((x) => x.square())(tensor([1, 2]))                        // [[2, 0], [0, 4]]
 *     jacobian((x, w) => w.matmul(x))(x, w)                              // w
 *
 * @param f  returns a tensor, or nested arrays and objects of tensors
 * @returns  of the argument's dtype
 */
export function jacobian<T extends Tree = Tensor, R extends readonly unknown[] = any[], Y extends Tree = Tensor>(
  f: (first: T, ...rest: R) => Y,
  { mode = 'reverse' }: JacobianOptions = {},
): (first: T, ...rest: R) => Jacobian<Y, T> {
  return (first, ...rest) => {
    const traced = trace('jacobian', (x: T) => f(x, ...rest), [first]);
    const blocks = mode === 'forward' ? byColumns(traced) : byRows(traced);
    const rows = blocks.map((row) => rebuild<Tree>(first, row));
    return rebuild(traced.value, rows);
  };
}

/** The blocks [output][input] by reverse mode: a row for each element of an output. */
function byRows(traced: Trace<Tree>): Tensor[][] {
  const { outputs, inputs, waiting } = traced;
  return outputs.map((y) => {
    const rows = unitVectors(y).map((u) => pullBack({ ...traced, outputs: [y] }, [u], waiting));
    return inputs.map((x, i) =>
      block(
        y,
        x,
        rows.map((row) => row[i]),
        0,
      ),
    );
  });
}

/** The blocks [output][input] by forward mode: a column for each element of an input. */
function byColumns(traced: Trace<Tree>): Tensor[][] {
  const { outputs, inputs } = traced;
  const along = pushForward(traced);
  const columns = inputs.map((x, i) => unitVectors(x).map((t) => along(inputs.map((_, j) => (j === i ? t : null)))));
  return outputs.map((y, k) =>
    inputs.map((x, i) =>
      block(
        y,
        x,
        columns[i].map((column) => column[k]),
        -1,
      ),
    ),
  );
}

/** The slices of a block, put together along its first or last axis; null stands for zeros. */
function block(y: Tensor, x: Tensor, slices: readonly (Tensor | null)[], axis: 0 | -1): Tensor {
  const shape: number[] = [...y.shape, ...x.shape];
  if (slices.every((slice) => slice === null)) return fill(shape, 0, x.dtype);
  const zeros = fill(axis === 0 ? x.shape : y.shape, 0, x.dtype);
  return to(
    stack(
      slices.map((slice) => slice ?? zeros),
      axis,
    ).reshape(shape),
    x.dtype,
  );
}

/** Tensors of x's shape with one element 1 and the others 0, for each element. */
function unitVectors(x: Tensor): Tensor[] {
  return Array.from({ length: x.size }, (_, i) => {
    const values = new Float64Array(x.size);
    values[i] = 1;
    return to(fromStorage(values, x.shape, 'float64'), x.dtype);
  });
}
