import type { Tensor } from '../../tensor/tensor.js';
import { concat } from '../shape/concat.js';
import { slice } from '../shape/slice.js';

/**
 * Each element combined with all before it along an axis, in log₂ n steps over the whole tensor.
 *
 * @param combine  associative, elementwise: what lies before, and what comes behind it
 * @source Hillis, Steele 1986, "Data parallel algorithms", Communications of the ACM 29(12)
 */
export function scan(x: Tensor, axis: number, combine: (before: Tensor, behind: Tensor) => Tensor): Tensor {
  const n = x.shape[axis];
  const along = (range: readonly [number, number]) => [...new Array<null>(axis).fill(null), range];
  let y = x;
  for (let step = 1; step < n; step *= 2) {
    const first = slice(y, ...along([0, step]));
    const rest = combine(slice(y, ...along([0, n - step])), slice(y, ...along([step, n])));
    y = concat([first, rest], axis);
  }
  return y;
}
