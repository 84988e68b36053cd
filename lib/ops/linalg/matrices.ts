import { checkRange, run, type View } from '../../backend/index.js';
import { autocast } from '../../core/autocast.js';
import { widen } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { broadcastShapes, sameShape, show, sizeOf } from '../../core/shape.js';
import { checkTensor, Tensor } from '../../tensor/tensor.js';
import { position } from '../indexing/indexing.js';
import { commonFloat } from '../precision.js';
import { expand } from '../shape/expand.js';
import { to } from '../shape/to.js';

/* The common parts of linear algebra on the last two axes: float32 and float64, bfloat16 and integers in float32. */

/** Refuses what has no matrices. */
export function checkMatrices(op: string, a: Tensor): void {
  checkTensor(op, a);
  if (a.rank < 2) throw new ShapeError(`${op}: matrices are needed, at least two axes; got shape ${show(a.shape)}`);
}

/** Refuses what has no square matrices. */
export function checkSquare(op: string, a: Tensor): void {
  checkTensor(op, a);
  if (a.rank < 2 || a.shape[a.rank - 1] !== a.shape[a.rank - 2]) {
    throw new ShapeError(`${op}: square matrices are needed; got shape ${show(a.shape)}`);
  }
}

/** mn² − n³ / 3 multiplications and additions of elimination, n the shorter side. Golub, Van Loan 2013, section 3.2. */
export function elimination({ shape }: View): number {
  const n = Math.min(...shape.slice(1));
  return sizeOf(shape) * n - (shape[0] * n ** 3) / 3;
}

/** So many times the elements of matrices by their shorter side. */
export const cubed = (times: number, { shape }: View): number => times * sizeOf(shape) * Math.min(...shape.slice(1));

/**
 * Runs `body` on operands brought to their common floating-point dtype, bfloat16 to float32, with products of all digits
 * also where autocast lowers them; floating-point results get the common dtype.
 */
export function precisely<R extends Tensor | object>(operands: readonly Tensor[], body: (...x: Tensor[]) => R): R {
  const dtype = commonFloat(operands);
  const found = autocast('float32', () => body(...operands.map((x) => to(x, widen(dtype)) as Tensor)));
  const rounded = (x: Tensor): Tensor => (x.dtype === widen(dtype) ? (to(x, dtype) as Tensor) : x);
  if (found instanceof Tensor) return rounded(found) as R;
  return Object.fromEntries(Object.entries(found).map(([name, x]) => [name, rounded(x)])) as R;
}

/** Runs a kernel on batches of matrices, their leading axes as one; these are what all views have in common. */
export function runBatched(
  kernel: string,
  batch: readonly number[],
  views: readonly Tensor[],
  numbers: number[] = [],
): void {
  const count = sizeOf(batch);
  run(
    kernel,
    views.map((x) => x.detach().reshape([count, ...x.shape.slice(batch.length)])),
    numbers,
  );
}

/** Two operands' matrices with leading axes that fit: each repeated where the other has more. */
export function broadcastBatches(op: string, a: Tensor, b: Tensor): [Tensor, Tensor] {
  const batch = broadcastShapes(op, a.shape.slice(0, -2), b.shape.slice(0, -2));
  const wide = (x: Tensor): Tensor =>
    sameShape(x.shape.slice(0, -2), batch) ? x : (expand(x, [...batch, ...x.shape.slice(-2)]) as Tensor);
  return [wide(a), wide(b)];
}

/** Refuses a matrix at which a kernel met a bad pivot. */
export function checkPivots(op: string, status: Tensor, a: Tensor, rule: string, got: string, fix: string): void {
  checkRange(status, { low: 0, high: 0 }, (pivot, at) => {
    const batch = a.shape.slice(0, -2);
    const which = batch.length === 0 ? show(a.shape) : `matrix ${show(position(at, batch))} of ${show(a.shape)}`;
    return new ValueError(`${op}: ${rule}; got ${got} for pivot ${pivot} of ${which}; ${fix}`);
  });
}
