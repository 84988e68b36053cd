import { checkRange } from '../../backend/index.js';
import { DTypeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { relu } from '../activation/relu.js';
import { checkRank } from '../check.js';
import { arange } from '../creation/arange.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { eq } from '../elementwise/eq.js';
import { logicalAnd, logicalNot } from '../elementwise/logical.js';
import { sub } from '../elementwise/sub.js';
import { gather } from '../indexing/gather.js';
import { position } from '../indexing/indexing.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { any } from '../reduction/any.js';
import { cumsum } from '../reduction/cumsum.js';
import { sum } from '../reduction/sum.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import {
  checkOneShape,
  checkReduction,
  type LossOptions,
  type LossReduction,
  type Reduced,
  reduceLoss,
} from './loss.js';

/**
 * Hinge loss of several labels: 1 / C · Σ over labels j, Σ over i that are none of max(0, 1 − input[j] + input[i]), reduced.
 *
 * @param input   [N, C], scores
 * @param target  [N, C] int32, each row its labels and then −1; what stands behind the first −1 does not count
 * @returns       [], or with reduction 'none' [N]
 * @throws ValueError "multilabelMarginLoss: labels must be within 0 … 3, or -1 behind the last one; got 4 at [0, 1]"
 */
export function multilabelMarginLoss<const R extends LossReduction = 'mean'>(
  input: Tensor,
  target: Tensor,
  options: LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  const op = 'multilabelMarginLoss';
  checkRank(op, 'input', input, ['batch', 'classes']);
  checkOneShape(op, { input, target });
  checkReduction(op, options.reduction);
  if (target.dtype !== 'int32') throw new DTypeError(`${op}: labels must be int32; got ${target.dtype}`);
  const classes: number = input.shape[1];
  checkRange(
    target,
    { low: -1, high: classes - 1 },
    (label, at) =>
      new ValueError(
        `${op}: labels must be within 0 … ${classes - 1}, or -1 behind the last one; got ${label} at ${show(position(at, target.shape))}`,
      ),
  );
  const isLabel: Tensor = eq(cumsum(eq(target, -1), 1), 0);
  const labels: Tensor = where(isLabel, target, 0);
  const named = logicalAnd(unsqueeze(isLabel, 2), eq(unsqueeze(labels, 2), arange(classes, { dtype: 'int32' })));
  // [batch, label, class]: each label against every class that is none.
  const pairs = logicalAnd(unsqueeze(isLabel, 2), unsqueeze(logicalNot(any(named, 1)) as Tensor, 1));
  return inFloat([input], (x: Tensor) => {
    const hinges = relu(add(sub(1, unsqueeze(gather(x, 1, labels) as Tensor, 2)), unsqueeze(x, 1)));
    return reduceLoss(div(sum(where(pairs as Tensor, hinges, 0), [1, 2]), classes), options);
  });
}
