import { checkRange } from '../../backend/index.js';
import { checkWhole } from '../../core/check.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import type { Generator } from '../../core/random.js';
import { show } from '../../core/shape.js';
import { noGrad } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { div } from '../elementwise/div.js';
import { gt } from '../elementwise/gt.js';
import { log } from '../elementwise/log.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';
import { sub } from '../elementwise/sub.js';
import { position } from '../indexing/indexing.js';
import { where } from '../indexing/where.js';
import { countNonzero } from '../reduction/count_nonzero.js';
import { cumsum } from '../reduction/cumsum.js';
import { slice } from '../shape/slice.js';
import { to } from '../shape/to.js';
import { searchSorted } from '../sorting/search_sorted.js';
import { topK } from '../sorting/top_k.js';
import { rand } from './random.js';

export interface MultinomialOptions {
  /** Whether a place may be drawn again; default false. */
  replacement?: boolean;
  /** Where the random numbers come from; default: the one that `seed` restarts. */
  generator?: Generator | undefined;
}

/**
 * Places drawn with probabilities proportional to weights, of each line by itself: with replacement where a uniform number
 * falls among the running sums, without the places of the largest wᵢ / eᵢ, eᵢ exponentially distributed. In float64.
 *
 * @param weights      [k] or [lines, k], finite and ≥ 0, not all 0 in a line
 * @param count        how many of each line; whole, ≥ 1
 * @param replacement  default false
 * @returns            int32 [count] or [lines, count]; one of weight 0 is never drawn
 * @throws ValueError "multinomial: without replacement a line needs as many weights > 0 as are drawn, 3; got 2 in line [1]";
 *         "multinomial: weights must be finite and ≥ 0; got -1 at [0, 2]"
 * @source Efraimidis, Spirakis 2006, "Weighted random sampling with a reservoir", doi:10.1016/j.ipl.2005.11.003
 */
export function multinomial(
  weights: Tensor,
  count: number,
  { replacement = false, generator }: MultinomialOptions = {},
): Tensor<any, 'int32'> {
  const op = 'multinomial';
  checkTensor(op, weights);
  checkWhole(op, 'count', count, 1);
  if (weights.rank !== 1 && weights.rank !== 2) {
    throw new ShapeError(`${op}: weights must have the axes [k] or [lines, k]; got ${show(weights.shape)}`);
  }
  const w: Tensor = to(weights.detach(), 'float64');
  checkRange(w, { low: 0, high: Number.MAX_VALUE }, (value, at) => {
    return new ValueError(`${op}: weights must be finite and ≥ 0; got ${value} at ${show(position(at, w.shape))}`);
  });
  const lines: number[] = w.shape.slice(0, -1);
  const lineOf = (at: number): string => (lines.length === 0 ? '' : ` in line ${show(position(at, lines))}`);
  return noGrad(() => {
    const positive: Tensor = countNonzero(w, -1);
    if (!replacement) {
      checkRange(positive, { low: count, high: Infinity }, (value, at) => {
        return new ValueError(
          `${op}: without replacement a line needs as many weights > 0 as are drawn, ${count}; got ${value}${lineOf(at)}`,
        );
      });
      // Of numbers of 53 bits the difference is exact.
      const exponential = neg(log(sub(1, rand(w.shape, { dtype: 'float64', generator }))));
      return topK(where(gt(w, 0), div(w, exponential as Tensor), -1) as Tensor, count).indices;
    }
    checkRange(positive, { low: 1, high: Infinity }, (_, at) => {
      return new ValueError(`${op}: a line needs a weight > 0; got none${lineOf(at)}`);
    });
    const sums: Tensor = cumsum(w, -1);
    const total = slice(sums, '...', [-1]);
    const u: Tensor = rand([...lines, count], { dtype: 'float64', generator });
    return searchSorted(sums, mul(u, total) as Tensor, { right: true });
  });
}
