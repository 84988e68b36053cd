import { checkRange } from '../../backend/index.js';
import { int32Range, isFloat } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import { checkAxes } from '../../core/shape.js';
import { record } from '../../tensor/tape.js';
import { Tensor } from '../../tensor/tensor.js';
import { expand } from '../shape/expand.js';
import { reshape } from '../shape/reshape.js';
import { to } from '../shape/to.js';
import {
  type Axes,
  dropAxes,
  droppedShape,
  type ReduceOptions,
  type Reduction,
  reduceWith,
  type SumOut,
} from './reduction.js';

/**
 * Sum over the given axes, or all; 0 over none. bool and integers are added exactly and give int32.
 *
 * @param x         [...]
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         x's shape without these axes
 * @throws ValueError "sum: the total 4294967294 is no int32; convert with to('float64') first"
 */
export const sum: Reduction<SumOut> = ((x: Tensor, axis?: Axes, options: ReduceOptions = {}) => {
  const axes = checkAxes('sum', axis, x.rank);
  if (x.dtype === 'bfloat16') return to(sum(to(x, 'float32'), axis, options), 'bfloat16');
  if (!isFloat(x.dtype)) return integerSum(x, axes, options);
  const y = reduceWith('sum', x, axes);
  const { shape } = x;
  const kept = y.shape;
  const result = options.keepDims ? y : new Tensor(y.storage, y.dtype, droppedShape(kept, axes));
  return record('sum', result, [x], [], (dy) => [expand(reshape(dy, kept), shape)]);
}) as Reduction<SumOut>;

/** Exact below 2⁵³ in float64, then checked. */
function integerSum(x: Tensor, axes: readonly number[], options: ReduceOptions): Tensor {
  const exact = reduceWith('sum', to(x, 'float64'), axes);
  checkRange(
    exact,
    int32Range,
    (total) => new ValueError(`sum: the total ${total} is no int32; convert with to('float64') first`),
  );
  return dropAxes(to(exact, 'int32'), axes, options.keepDims);
}
