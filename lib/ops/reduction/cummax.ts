import { hasKernel, kernel, run } from '../../backend/index.js';
import { type DType, isFloat, widen } from '../../core/dtype.js';
import { checkAxis } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { empty, emptyLike, fill } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { named } from '../elementwise/elementwise.js';
import { gather, scatterAdd } from '../indexing/gather.js';
import { to } from '../shape/to.js';
import { checkPositions } from './reduction.js';

/** Running extrema along an axis, and where they stand. */
export interface RunningExtremum<S extends Shape = any, D extends DType = any> {
  values: Tensor<S, D>;
  indices: Tensor<S, 'int32'>;
}

/** `cummax` or `cummin`, by the kernel of that name. */
export function runningExtremum(
  op: 'cummax' | 'cummin',
): <S extends Shape, D extends DType>(x: Tensor<S, D>, axis: number) => RunningExtremum<S, D> {
  kernel(op, { writes: 2, flops: 1 });
  return named(op, (x: Tensor, axis: number) => {
    checkTensor(op, x);
    const along = checkAxis(op, axis, x.rank);
    checkPositions(op, x.shape[along]);
    const { shape } = x;
    const wide: Tensor = to(x, isFloat(x.dtype) ? widen(x.dtype) : 'int32');
    const y: Tensor = empty(shape, wide.dtype);
    const indices = empty(shape, 'int32');
    run(op, [y, indices, wide], [along]);
    const values = isFloat(x.dtype)
      ? record(op, y, [wide], [indices], (dy, [indices]) => [gathered(dy, along, indices as Tensor<any, 'int32'>)])
      : y;
    return { values: to(values, x.dtype), indices };
  });
}

kernel('cummaxGradient', { flops: 1 });

/** Every element of dy added up at its place along the axis; places never fall, and each is its own. */
function gathered(dy: Tensor, axis: number, places: Tensor<any, 'int32'>): Tensor {
  if (!hasKernel('cummaxGradient')) return scatterAdd(fill(dy.shape, 0, dy.dtype), axis, places, dy);
  const dx = emptyLike(dy);
  run('cummaxGradient', [dx, dy, places], [axis]);
  return record('cummaxGradient', dx, [dy], [places], (ddx, [places]) => [
    gather(ddx, axis, places as Tensor<any, 'int32'>),
  ]);
}

/**
 * The largest of the elements so far along one axis, and its position: the last one of equals, which takes the whole gradient;
 * NaN once one was NaN.
 *
 * @param x     [...]
 * @param axis  along which to look
 * @returns     values and int32 indices, of x's shape
 */
export const cummax = runningExtremum('cummax');
