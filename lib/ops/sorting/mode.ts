import type { DType } from '../../core/dtype.js';
import { fill } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { sub } from '../elementwise/sub.js';
import { gather, scatterAdd } from '../indexing/gather.js';
import { argmax } from '../reduction/argmax.js';
import { cumsum } from '../reduction/cumsum.js';
import type { ReduceOptions } from '../reduction/reduction.js';
import { numberRuns } from './runs.js';
import { type Picked, sort } from './sort.js';
import { checkSearchAxis, dropAxis } from './sorting.js';

/**
 * The most frequent element along one axis: of several the least, and of equal ones the last. Each NaN counts by itself.
 *
 * @param x         [...], at least one element along the axis
 * @param axis      default the last
 * @param keepDims  leave the axis with size 1; default false
 * @returns         values, and their indices int32: x's shape without the axis
 */
export function mode<D extends DType>(
  x: Tensor<any, D>,
  axis = -1,
  { keepDims = false }: ReduceOptions = {},
): Picked<any, D> {
  const along = checkSearchAxis('mode', x, axis);
  const { values, indices } = sort(x.detach(), along);
  const runs = numberRuns(values, along);
  const counts = scatterAdd(fill(x.shape, 0, 'int32'), along, runs, fill(x.shape, 1, 'int32'));
  const most: Tensor = argmax(counts, along, { keepDims: true });
  const end = sub(gather(cumsum(counts, along), along, most), 1) as Tensor;
  const index = gather(indices, along, end);
  return { values: dropAxis(gather(x, along, index), along, keepDims), indices: dropAxis(index, along, keepDims) };
}
