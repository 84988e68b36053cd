import { checkOneOf, checkPositive } from '../../core/check.js';
import { show } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { relu } from '../activation/relu.js';
import { checkShapes } from '../check.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { norm } from '../reduction/norm.js';
import { sum } from '../reduction/sum.js';
import {
  checkOneShape,
  checkReduction,
  type LossOptions,
  type LossReduction,
  type Reduced,
  reduceLoss,
} from './loss.js';

export interface ContrastiveLossOptions {
  /** How far apart the dissimilar shall be; > 0; default 1. */
  margin?: number;
  /** What a target of 1 stands for: 'dissimilar', as in the source, or 'similar'; default 'dissimilar'. */
  one?: 'dissimilar' | 'similar';
}

export function checkContrastive(op: string, { margin = 1, one = 'dissimilar' }: ContrastiveLossOptions): void {
  checkPositive(op, 'margin', margin);
  checkOneOf(op, 'one', one, ['dissimilar', 'similar']);
}

/**
 * Contrastive loss of pairs, with D = ‖first − second‖: ½ · D² of the similar, ½ · max(0, margin − D)² of the dissimilar;
 * reduced.
 *
 * @param first   [..., d]
 * @param second  of first's shape
 * @param target  [...], 1 for the dissimilar and 0 for the similar, or with `one: 'similar'` the other way round
 * @returns       [], or with reduction 'none' of target's shape
 * @throws ShapeError "contrastiveLoss: target must be [4], first [4, 5] without its last axis; got [4, 1]"
 * @source Hadsell, Chopra, LeCun 2006, "Dimensionality reduction by learning an invariant mapping", CVPR, equation 4;
 *         one: 'similar': lecture notes 004, line 6774
 */
export function contrastiveLoss<const R extends LossReduction = 'mean'>(
  first: Tensor,
  second: Tensor,
  target: Tensor,
  options: ContrastiveLossOptions & LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  const op = 'contrastiveLoss';
  checkOneShape(op, { first, second });
  checkShapes(op, { target }, first.shape.slice(0, -1), () => `first ${show(first.shape)} without its last axis`);
  checkReduction(op, options.reduction);
  checkContrastive(op, options);
  const { margin = 1, one = 'dissimilar' } = options;
  return inFloat([first, second, target], (a: Tensor, b: Tensor, t: Tensor) => {
    const similar = one === 'similar' ? t : sub(1, t);
    const difference = sub(a, b);
    const together = mul(similar, sum(square(difference), -1));
    const apart = mul(sub(1, similar), square(relu(sub(margin, norm(difference, -1)))));
    return reduceLoss(mul(add(together, apart), 0.5), options);
  });
}
