import { record } from '../../tensor/tape.js';
import { Tensor } from '../../tensor/tensor.js';
import { expand } from '../shape/expand.js';
import { reshape } from '../shape/reshape.js';
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
    const kept = y.shape;
    // One step of the tape, not a sum and a reshape: this is the most frequent reduction.
    const result = keepDims ? y : new Tensor(y.storage, y.dtype, droppedShape(kept, axes));
    return record('sum', result, [x], [], (dy) => [expand(reshape(dy, kept), shape)]);
  },
});
