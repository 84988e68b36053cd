import { kernel, run } from '../../backend/index.js';
import { type DType, isComplex, isDifferentiable, widen } from '../../core/dtype.js';
import { DTypeError, ShapeError } from '../../core/errors.js';
import { checkAxis, sameShape, show, sizeOf } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { empty, emptyLike, fill } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, parts, type Tensor } from '../../tensor/tensor.js';
import { expand } from '../shape/expand.js';
import { slice } from '../shape/slice.js';
import { to } from '../shape/to.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { axisOf, checkIndices } from './indexing.js';

/*
 * Reading and adding element by element at places along one axis. Each is the other's backward.
 */

kernel('gather', { flops: 0, sparse: [1, 0] });
kernel('scatterAdd', { updates: true, flops: ([, , { shape }]) => sizeOf(shape), sparse: [0, 2] });

/**
 * Picks elements along one axis: for axis 1 of three, yᵢⱼₖ = x[i, index[i, j, k], k].
 *
 * @param x      [...]
 * @param axis   the one that indices point along
 * @param index  int32, x's rank; no larger than x in the other axes
 * @returns      of index's shape
 * @throws ValueError "gather: index 7 at [0, 2] must be within 0 … 4, axis 1 of shape [3, 5]"
 * @throws ShapeError "gather: index [4, 2] must have the rank of [3, 5] and fit into it but for axis 1"
 */
export function gather<I extends Shape, D extends DType>(
  x: Tensor<any, D>,
  axis: number,
  index: Tensor<I, 'int32'>,
): Tensor<I, D> {
  checkTensor('gather', x);
  const along = checkAxis('gather', axis, x.rank);
  checkFits('gather', index, x, along);
  checkIndices('gather', index, x.shape[along], axisOf(x, along));
  return pickElements(x, along, index) as Tensor;
}

/** The same of places that were checked. */
function pickElements(x: Tensor, axis: number, index: Tensor): Tensor {
  const y: Tensor = empty(index.shape, x.dtype);
  run('gather', [parts(y), parts(x), inPairs(index, x)], [axis]);
  if (!isDifferentiable(x.dtype)) return y;
  const { shape } = x;
  return record('gather', y, [x], [index], (dy, [index]) => [addElements(shape, axis, index, dy)]);
}

/** Zeros with elements added at places that were checked: what `scatterAdd` copies is written at once. */
function addElements(shape: Shape, axis: number, index: Tensor, source: Tensor): Tensor {
  const dtype = widen(source.dtype);
  const y: Tensor = fill(shape, 0, dtype);
  run('scatterAdd', [parts(y), inPairs(index, y), parts(to(source.detach(), dtype))], [axis]);
  return record('scatterAdd', to(y, source.dtype), [source], [index], (dy, [index]) => [pickElements(dy, axis, index)]);
}

/**
 * x with a source's elements added at places along one axis: for axis 1 of three, y[i, index[i, j, k], k] += source[i, j, k].
 * Places may repeat; additions happen in the source's row-major order.
 *
 * @param x       [...] float32, float64, bfloat16 or int32
 * @param axis    the one that indices point along
 * @param index   int32, x's rank; no larger than x in the other axes, nor than the source in any
 * @param source  of x's dtype; what lies outside of index's shape is left out
 * @returns       of x's shape
 * @throws ValueError "scatterAdd: index 7 at [0, 2] must be within 0 … 4, axis 1 of shape [3, 5]"
 * @throws ShapeError "scatterAdd: index [4, 2] must have the rank of [3, 5] and fit into it but for axis 1"
 */
export function scatterAdd<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  axis: number,
  index: Tensor<any, 'int32'>,
  source: Tensor<any, D>,
): Tensor<S, D> {
  checkTensor('scatterAdd', x);
  const along = checkAxis('scatterAdd', axis, x.rank);
  checkFits('scatterAdd', index, x, along);
  checkFits('scatterAdd', index, source);
  checkIndices('scatterAdd', index, x.shape[along], axisOf(x, along));
  checkSummands('scatterAdd', x, source);
  const used = sameShape(source.shape, index.shape)
    ? source
    : slice(source, ...index.shape.map((d: number) => [0, d] as const));
  if (x.dtype === 'bfloat16') {
    return to(scatterAdd(to(x, 'float32'), along, index, to(used, 'float32')), x.dtype);
  }
  const y = emptyLike(x);
  run('copy', [parts(y), parts(x)]);
  run('scatterAdd', [parts(y), inPairs(index, x), parts(used)], [along]);
  if (!isDifferentiable(x.dtype)) return y;
  return record('scatterAdd', y, [x, used], [index], (dy, [index]) => [dy, () => gather(dy, along, index)]);
}

/** The index of elements as that of their parts: the same one for both of a complex number. */
const inPairs = (index: Tensor, x: Tensor): Tensor =>
  isComplex(x.dtype) ? expand(unsqueeze(index, -1), [...index.shape, 2]) : index;

/** What is added up has one dtype, and one that adds. */
export function checkSummands(op: string, x: Tensor, source: Tensor): void {
  if (x.dtype !== source.dtype) {
    throw new DTypeError(`${op}: the source must have the tensor's dtype ${x.dtype}; got ${source.dtype}; convert it`);
  }
  if (x.dtype === 'bool' || x.dtype === 'uint8') {
    throw new DTypeError(`${op}: ${x.dtype} has no sums; convert with to('int32')`);
  }
}

function checkFits(op: string, index: Tensor, x: Tensor, free = -1): void {
  checkTensor(op, index);
  checkTensor(op, x);
  if (index.rank !== x.rank || index.shape.some((d: number, i: number) => i !== free && d > x.shape[i])) {
    const but = free < 0 ? '' : ` but for axis ${free}`;
    throw new ShapeError(
      `${op}: index ${show(index.shape)} must have the rank of ${show(x.shape)} and fit into it${but}`,
    );
  }
}
