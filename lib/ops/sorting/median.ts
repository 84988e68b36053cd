import { hasKernel, kernel } from '../../backend/index.js';
import { type DType, isFloat } from '../../core/dtype.js';
import { sizeOf } from '../../core/shape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { isNaN } from '../elementwise/is_nan.js';
import { logicalNot } from '../elementwise/logical.js';
import { lt } from '../elementwise/lt.js';
import { maximum } from '../elementwise/maximum.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { gather } from '../indexing/gather.js';
import { where } from '../indexing/where.js';
import { type ReduceOptions, reduceWith } from '../reduction/reduction.js';
import { sum } from '../reduction/sum.js';
import { to } from '../shape/to.js';
import { type Picked, sort } from './sort.js';
import { checkSearchAxis, dropAxis } from './sorting.js';

/** Of all elements their median; along an axis also where it stands. */
export interface Median {
  <D extends DType>(x: Tensor<any, D>): Tensor<[], D>;
  <D extends DType>(x: Tensor<any, D>, axis: number, options?: ReduceOptions): Picked<any, D>;
}

const medianBy = (op: 'median' | 'nanmedian'): Median =>
  ((x: Tensor, axis?: number, { keepDims = false }: ReduceOptions = {}) => {
    checkTensor(op, x);
    if (axis === undefined) return middle(op, x.reshape([x.size]), 0, false).values;
    return middle(op, x, axis, keepDims);
  }) as Median;

function middle(op: 'median' | 'nanmedian', x: Tensor, axis: number, keepDims: boolean): Picked<any, any> {
  const along = checkSearchAxis(op, x, axis);
  const ordered: Tensor = x.dtype === 'bfloat16' ? to(x.detach(), 'float32') : x.detach();
  const index = (hasKernel('argmedian') ? middleBySelection : middleBySort)(op, ordered, along);
  return {
    values: dropAxis(gather(x, along, index), along, keepDims),
    indices: dropAxis(index, along, keepDims),
  };
}

kernel('argmedian', { flops: ([, x]) => sizeOf(x.shape) });

function middleBySelection(op: 'median' | 'nanmedian', x: Tensor, axis: number): Tensor<any, 'int32'> {
  return reduceWith('argmedian', x, [axis], 'int32', [axis, Number(op === 'nanmedian')]) as Tensor<any, 'int32'>;
}

function middleBySort(op: 'median' | 'nanmedian', x: Tensor, axis: number): Tensor<any, 'int32'> {
  const { values, indices } = sort(x, axis);
  // NaN come last. The lower of the two in the middle of n is at ⌊(n − 1) / 2⌋.
  const count = sum(to(isFloat(x.dtype) ? logicalNot(isNaN(values)) : values.ge(values), 'int32'), axis, {
    keepDims: true,
  }) as Tensor;
  const half = to(mul(sub(to(count, 'float64'), 1), 0.5), 'int32');
  const position = op === 'median' ? where(lt(count, x.shape[axis]), count, half) : maximum(half, 0);
  return gather(indices, axis, position as Tensor);
}

/**
 * The median: of an even number the lower of the two in the middle. NaN if an element is.
 *
 * @param x         [...], at least one element
 * @param axis      default all elements, which gives a scalar alone
 * @param keepDims  leave the axis with size 1; default false
 * @returns         values, and their indices int32 (of NaN the first): x's shape without the axis
 */
export const median = medianBy('median');

/**
 * The median of the elements that are not NaN; NaN where all are. As `median` else.
 *
 * @param x         [...], at least one element
 * @param axis      default all elements, which gives a scalar alone
 * @param keepDims  leave the axis with size 1; default false
 * @returns         values, and their indices int32: x's shape without the axis
 */
export const nanmedian = medianBy('nanmedian');
