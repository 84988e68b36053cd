import { kernel, run } from '../../backend/index.js';
import { type DType, isDifferentiable, widen } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { checkAxis, sameShape, show, sizeOf } from '../../core/shape.js';
import type { Checked, Resize, Result, Shape } from '../../core/types.js';
import { empty, emptyLike, fill } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, parts, type Tensor } from '../../tensor/tensor.js';
import { to } from '../shape/to.js';
import { checkSummands } from './gather.js';
import { axisOf, checkIndices } from './indexing.js';

/*
 * Reading and adding whole slices at places along one axis. Each is the other's backward.
 */

kernel('indexSelect', { flops: 0, sparse: [1, 0] });
kernel('indexAdd', { updates: true, flops: ([, , { shape }]) => sizeOf(shape), sparse: [0, 2] });

/**
 * Picks slices along one axis: for axis 0 of two, yᵢⱼ = x[index[i], j].
 *
 * @param x      [..., size, ...]
 * @param axis   the one that indices point along
 * @param index  [n] int32
 * @returns      [..., n, ...]
 * @throws ValueError "indexSelect: index 7 at [2] must be within 0 … 4, axis 1 of shape [3, 5]"
 * @throws ShapeError "indexSelect: the index must have one axis; got shape [2, 2]; flatten it and reshape the result"
 */
export function indexSelect<S extends Shape, D extends DType, const A extends number, I extends readonly [number]>(
  x: Tensor<S, D>,
  axis: A & Checked<Resize<S, A, I[0]>>,
  index: Tensor<I, 'int32'>,
): Tensor<Result<Resize<S, A, I[0]>>, D> {
  checkTensor('indexSelect', x);
  const along = checkAxis('indexSelect', axis, x.rank);
  checkIndexVector('indexSelect', index, x, along);
  return pickSlices(x, along, index) as Tensor;
}

/** The same of places that were checked. */
export function pickSlices(x: Tensor, axis: number, index: Tensor): Tensor {
  const y: Tensor = empty(resized(x.shape, axis, index.size), x.dtype);
  run('indexSelect', [parts(y), parts(x), index], [axis]);
  if (!isDifferentiable(x.dtype)) return y;
  const { shape } = x;
  return record('indexSelect', y, [x], [index], (dy, [index]) => [addSlices(shape, axis, index, dy)]);
}

/** Zeros with slices added at places that were checked: what `indexAdd` copies is written at once. */
function addSlices(shape: Shape, axis: number, index: Tensor, source: Tensor): Tensor {
  const dtype = widen(source.dtype);
  const y: Tensor = fill(shape, 0, dtype);
  run('indexAdd', [parts(y), index, parts(to(source.detach(), dtype))], [axis]);
  return record('indexAdd', to(y, source.dtype), [source], [index], (dy, [index]) => [pickSlices(dy, axis, index)]);
}

/**
 * x with a source's slices added at places along one axis: for axis 0 of two, y[index[i], j] += source[i, j]. Places may
 * repeat; additions happen in the source's row-major order.
 *
 * @param x       [..., size, ...] float32, float64, bfloat16 or int32
 * @param axis    the one that indices point along
 * @param index   [n] int32
 * @param source  [..., n, ...] of x's dtype
 * @returns       of x's shape
 * @throws ValueError "indexAdd: index 7 at [2] must be within 0 … 4, axis 1 of shape [3, 5]"
 * @throws ShapeError "indexAdd: the source must have shape [3, 2]; got [2, 2]"
 */
export function indexAdd<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  axis: number,
  index: Tensor<any, 'int32'>,
  source: Tensor<any, D>,
): Tensor<S, D> {
  checkTensor('indexAdd', x);
  const along = checkAxis('indexAdd', axis, x.rank);
  checkIndexVector('indexAdd', index, x, along);
  checkTensor('indexAdd', source);
  const wanted = resized(x.shape, along, index.size);
  if (!sameShape(source.shape, wanted)) {
    throw new ShapeError(`indexAdd: the source must have shape ${show(wanted)}; got ${show(source.shape)}`);
  }
  checkSummands('indexAdd', x, source);
  if (x.dtype === 'bfloat16') {
    return to(indexAdd(to(x, 'float32'), along, index, to(source, 'float32')), x.dtype);
  }
  const y = emptyLike(x);
  run('copy', [parts(y), parts(x)]);
  run('indexAdd', [parts(y), index, parts(source)], [along]);
  if (!isDifferentiable(x.dtype)) return y;
  return record('indexAdd', y, [x, source], [index], (dy, [index]) => [dy, () => indexSelect(dy, along, index)]);
}

const resized = (shape: Shape, axis: number, size: number): number[] => shape.map((d, i) => (i === axis ? size : d));

function checkIndexVector(op: string, index: Tensor, x: Tensor, axis: number): void {
  checkTensor(op, index);
  if (index.rank !== 1) {
    throw new ShapeError(
      `${op}: the index must have one axis; got shape ${show(index.shape)}; flatten it and reshape the result`,
    );
  }
  checkIndices(op, index, x.shape[axis], axisOf(x, axis));
}
