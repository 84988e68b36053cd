import { type DType, isFloat, widen } from '../../core/dtype.js';
import { checkAxis } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { noGrad } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { arange } from '../creation/arange.js';
import { named } from '../elementwise/elementwise.js';
import { ge } from '../elementwise/ge.js';
import { isNaN } from '../elementwise/is_nan.js';
import { logicalAnd, logicalNot, logicalOr } from '../elementwise/logical.js';
import { gather } from '../indexing/gather.js';
import { where } from '../indexing/where.js';
import { contiguous } from '../shape/contiguous.js';
import { expand } from '../shape/expand.js';
import { to } from '../shape/to.js';
import { checkPositions } from './reduction.js';
import { scan } from './scan.js';

/** Running extrema along an axis, and where they stand. */
export interface RunningExtremum<S extends Shape = any, D extends DType = any> {
  values: Tensor<S, D>;
  indices: Tensor<S, 'int32'>;
}

/** `cummax` or `cummin`; `comparison` holds where the first operand is as good as the second. */
export function runningExtremum(
  op: string,
  comparison: typeof ge,
): <S extends Shape, D extends DType>(x: Tensor<S, D>, axis: number) => RunningExtremum<S, D> {
  return named(op, (x: Tensor, axis: number) => {
    checkTensor(op, x);
    const along = checkAxis(op, axis, x.rank);
    checkPositions(op, x.shape[along]);
    const indices = noGrad(() => positions(to(x, isFloat(x.dtype) ? widen(x.dtype) : 'int32'), along, comparison));
    return { values: gather(x, along, indices), indices };
  });
}

function positions(x: Tensor, axis: number, comparison: typeof ge): Tensor {
  const shape = x.shape.map((d: number, i: number) => (i === axis ? d : 1));
  const own: Tensor = arange(x.shape[axis], { dtype: 'int32' }).reshape(shape);
  return scan(contiguous(expand(own, x.shape)), axis, (before, behind) => {
    const [a, b]: Tensor[] = [gather(x, axis, before), gather(x, axis, behind)];
    // NaN is better than all, and of equals the last one stands.
    return where(logicalOr(isNaN(b), logicalAnd(logicalNot(isNaN(a)), comparison(b, a))), behind, before);
  });
}

/**
 * The largest of the elements so far along one axis, and its position: the last one of equals, which takes the whole gradient;
 * NaN once one was NaN.
 *
 * @param x     [...]
 * @param axis  along which to look
 * @returns     values and int32 indices, of x's shape
 */
export const cummax = runningExtremum('cummax', ge);
