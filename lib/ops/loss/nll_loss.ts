import { show } from '../../core/shape.js';
import type { Optional, Tensor } from '../../tensor/tensor.js';
import { checkShapes } from '../check.js';
import { div } from '../elementwise/div.js';
import { eq } from '../elementwise/eq.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';
import { gather } from '../indexing/gather.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { sum } from '../reduction/sum.js';
import { squeeze } from '../shape/squeeze.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { checkClasses, checkLabels, type LabelOptions, labelWeights } from './labels.js';
import { checkReduction, type LossOptions, type LossReduction, type Reduced, reduceLoss } from './loss.js';

export interface NllLossOptions extends LabelOptions {
  /** [C], a factor of each class. */
  weight?: Optional;
}

/**
 * Negative log-likelihood of labels: −weight[y] · input[y], where input holds log-probabilities along axis 1. The mean is
 * weighted: Σ loss / Σ weight[y], without ignored labels. From logits, take `crossEntropy`.
 *
 * @param input   [N, C], [N, C, d1, …] or [C]
 * @param target  labels: int32 or uint8, [N], [N, d1, …] or []
 * @returns       [], or with reduction 'none' of the labels' shape
 * @throws ValueError "nllLoss: labels must be within 0 … 9, or -100 to be ignored; got 10 at [3]; check the number of classes"
 */
export function nllLoss<const R extends LossReduction = 'mean'>(
  input: Tensor,
  target: Tensor,
  options: NllLossOptions & LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  const { weight, ignoreIndex = -100, reduction = 'mean' } = options;
  checkReduction('nllLoss', reduction);
  const axis = checkClasses('nllLoss', 'input', input);
  checkShapes(
    'nllLoss',
    { weight },
    [input.shape[axis]],
    () => `a factor for each class of input ${show(input.shape)}`,
  );
  const labels = checkLabels('nllLoss', 'input', input, target, axis, { ignoreIndex });
  const chosen = unsqueeze(where(eq(labels, ignoreIndex), 0, labels) as Tensor, axis);
  return inFloat([input, weight?.detach()], (x: Tensor, weight) => {
    const counts = labelWeights(labels, weight, ignoreIndex, x.dtype);
    const losses = neg(mul(counts, squeeze(gather(x, axis, chosen) as Tensor, axis)));
    return reduction === 'mean' ? div(sum(losses), sum(counts)) : reduceLoss(losses, { reduction });
  });
}
