import type { DType } from '../../core/dtype.js';
import { valueRead } from '../../core/recording.js';
import { fill } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { arange } from '../creation/arange.js';
import { sub } from '../elementwise/sub.js';
import { scatterAdd } from '../indexing/gather.js';
import { indexSelect } from '../indexing/index_select.js';
import { concat } from '../shape/concat.js';
import { numberRuns } from './runs.js';
import { searchSorted } from './search_sorted.js';
import { sort } from './sort.js';
import { checkSortAxis } from './sorting.js';

/** The different elements of a tensor, and how they make it up. */
export interface Unique<D extends DType> {
  /** [n], ascending. */
  values: Tensor<[number], D>;
  /** Of x's shape: which of the values each element is. */
  inverse: Tensor<any, 'int32'>;
  /** [n]: how often each value occurs. */
  counts: Tensor<[number], 'int32'>;
}

/**
 * The different elements of a tensor in ascending order. Each NaN counts by itself, and they come last; −0 equals 0. How many
 * there are depends on the values, so it cannot be captured. Not differentiable.
 *
 * @param x  [...]
 * @returns  values [n], inverse of x's shape with x = values[inverse], counts [n]; both int32
 * @throws StateError "capture: a captured step cannot read a value in JavaScript; got unique() at …" in a captured step
 */
export function unique<D extends DType>(x: Tensor<any, D>): Unique<D> {
  checkTensor('unique', x);
  valueRead('unique()');
  const flat = x.detach().reshape([x.size]);
  checkSortAxis('unique', flat, 0);
  const { values, indices } = sort(flat, 0);
  const runs = numberRuns(values, 0);
  const n = x.size === 0 ? 0 : (runs.slice(-1).item() as number) + 1;
  const starts = searchSorted(runs, arange(n, { dtype: 'int32' }));
  const ends = concat([starts.slice([1, null]), fill([Math.min(n, 1)], x.size, 'int32')], 0) as Tensor;
  return {
    values: indexSelect(values, 0, starts) as Tensor,
    inverse: scatterAdd(fill([x.size], 0, 'int32'), 0, indices, runs).reshape(x.shape),
    counts: sub(ends, starts) as Tensor,
  };
}
