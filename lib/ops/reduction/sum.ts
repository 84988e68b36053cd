import type { Shape } from '../../core/types.js';
import { record } from '../../tensor/tape.js';
import { Tensor } from '../../tensor/tensor.js';
import { droppedShape, reduceWith, reduction, type SumOut } from './reduction.js';

/**
 * Sum over the given axes, or all; 0 over none. bool and integers are added exactly and give int32.
 *
 * @param x         [...]
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         x's shape without these axes
 * @throws ValueError "sum: the total 4294967294 is no int32; convert with to('float64') first"
 */
export const sum = reduction<SumOut>('sum', {
  dtype: 'total',
  reduce: (x, axes, { keepDims }) => {
    const y = reduceWith('sum', x, axes);
    const { shape } = x;
    // One step of the tape, not a sum and a reshape: this is the most frequent reduction.
    const result = keepDims ? y : new Tensor(y.storage, y.dtype, droppedShape(shape, axes));
    return record('sum', result, [x], [], (dy) => [repeat(dy, axes, shape)]);
  },
});

/** The transpose of summing over axes: a view that has dy at every place of these axes, which dy has with size 1 or lacks. */
function repeat(dy: Tensor, axes: readonly number[], shape: Shape): Tensor {
  const keepDims = dy.rank === shape.length;
  const strides: number[] = [];
  let axis = 0;
  for (let i = 0; i < shape.length; i++) {
    const isSummed = axes.includes(i);
    strides.push(isSummed ? 0 : dy.strides[axis]);
    if (keepDims || !isSummed) axis++;
  }
  const dx = new Tensor(dy.storage, dy.dtype, shape, strides, dy.offset);
  return record('expand', dx, [dy], [], (ddx) => [sum(ddx, axes, { keepDims })]);
}
