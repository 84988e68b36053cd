import { fill } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ne } from '../elementwise/ne.js';
import { cumsum } from '../reduction/cumsum.js';
import { concat } from '../shape/concat.js';
import { slice } from '../shape/slice.js';
import { to } from '../shape/to.js';

/** For each element of sorted lines the number of the run of equal ones that it is in: int32 from 0. */
export function numberRuns(sorted: Tensor, axis: number): Tensor<any, 'int32'> {
  const part = (range: readonly [number | null, number | null]): Tensor =>
    slice(sorted, ...sorted.shape.map((_: number, i: number) => (i === axis ? range : null)));
  const begins = to(ne(part([1, null]), part([null, -1])), 'int32') as Tensor;
  const first = fill(
    sorted.shape.map((size: number, i: number) => (i === axis ? Math.min(size, 1) : size)),
    0,
    'int32',
  );
  return cumsum(concat([first, begins], axis) as Tensor<any, 'int32'>, axis);
}
