import { checkFinite } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Optional, Tensor } from '../../tensor/tensor.js';
import { relu } from '../activation/relu.js';
import { checkRank, checkShapes } from '../check.js';
import { oneHot } from '../creation/one_hot.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { gather } from '../indexing/gather.js';
import { indexSelect } from '../indexing/index_select.js';
import { maskedFill } from '../indexing/masked_fill.js';
import { inFloat } from '../precision.js';
import { mean } from '../reduction/mean.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { checkLabels } from './labels.js';
import { checkReduction, type LossOptions, type LossReduction, type Reduced, reduceLoss } from './loss.js';

export interface MultiMarginLossOptions {
  /** The power of each term, 1 or 2; default 1. */
  p?: 1 | 2;
  /** How far the label's score shall lie above the others; default 1. */
  margin?: number;
  /** [C], a factor of each class. */
  weight?: Optional;
}

export function checkMultiMargin(op: string, { p = 1, margin = 1 }: MultiMarginLossOptions): void {
  if (p !== 1 && p !== 2) throw new ValueError(`${op}: p must be 1 or 2; got ${p}`);
  checkFinite(op, 'margin', margin);
}

/**
 * Hinge loss of several classes: weight[y] / C · Σ over i ≠ y of max(0, margin − input[y] + input[i])ᵖ, reduced.
 *
 * @param input   [N, C], scores
 * @param target  [N] labels, int32 or uint8
 * @returns       [], or with reduction 'none' [N]
 * @throws ValueError "multiMarginLoss: labels must be within 0 … 4; got 7 at [1]; check the number of classes"
 * @source Crammer, Singer 2001, "On the algorithmic implementation of multiclass kernel-based vector machines", JMLR 2
 */
export function multiMarginLoss<const R extends LossReduction = 'mean'>(
  input: Tensor,
  target: Tensor,
  options: MultiMarginLossOptions & LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  const op = 'multiMarginLoss';
  const { p = 1, margin = 1, weight } = options;
  checkRank(op, 'input', input, ['batch', 'classes']);
  checkReduction(op, options.reduction);
  checkMultiMargin(op, options);
  const classes: number = input.shape[1];
  checkShapes(op, { weight }, [classes], () => `a factor for each class of input ${show(input.shape)}`);
  const labels = checkLabels(op, 'input', input, target, 1);
  return inFloat([input, weight?.detach()], (x: Tensor, weight) => {
    const own = gather(x, 1, unsqueeze(labels, 1));
    const hinges = maskedFill(relu(add(sub(margin, own), x)), oneHot(labels, classes, { dtype: 'bool' }), 0) as Tensor;
    const losses = mean(p === 1 ? hinges : square(hinges), 1);
    return reduceLoss(
      weight ? mul(losses, indexSelect(weight, 0, labels as Tensor<[number], 'int32'>)) : losses,
      options,
    );
  });
}
