import { isFloat } from '../../core/dtype.js';
import { checkAxis } from '../../core/shape.js';
import { fill } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { scatterAdd } from '../indexing/gather.js';
import { checkPositions, checkReduced } from '../reduction/reduction.js';
import { squeeze } from '../shape/squeeze.js';

/* The common parts of ops that put elements in order: NaN is the greatest, and positions are int32. */

/** A user's axis of a tensor, as an index, whose positions int32 can count. */
export function checkSortAxis(op: string, x: Tensor, axis: number): number {
  checkTensor(op, x);
  const along = checkAxis(op, axis, x.rank);
  checkPositions(op, x.shape[along]);
  return along;
}

/** The same of an axis along which something is looked for, which needs an element. */
export function checkSearchAxis(op: string, x: Tensor, axis: number): number {
  const along = checkSortAxis(op, x, axis);
  checkReduced(op, x, along, false);
  return along;
}

/** A result that keeps its axis of size 1, or without it as the caller asked. */
export const dropAxis = (y: Tensor, axis: number, keepDims: boolean): Tensor => (keepDims ? y : squeeze(y, axis));

/** Enters elements of x that a kernel picked at the indices into the tape: gradients go where they came from. */
export function recordPicked(op: string, picked: Tensor, x: Tensor, axis: number, indices: Tensor): Tensor {
  if (!isFloat(x.dtype)) return picked;
  const { shape } = x;
  return record(op, picked, [x], [indices], (dy, [indices]) => [
    scatterAdd(fill(shape, 0, dy.dtype), axis, indices, dy),
  ]);
}
