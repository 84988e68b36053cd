import type { Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { mul } from '../elementwise/mul.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { sum } from '../reduction/sum.js';
import { flatten } from '../shape/flatten.js';
import {
  checkOneShape,
  checkReduction,
  type LossOptions,
  type LossReduction,
  type Reduced,
  reduceLoss,
} from './loss.js';

/**
 * Content loss of each image: ½ Σ (input − target)² over its features, reduced.
 *
 * @param input   [N, C, ...], features of the images
 * @param target  of input's shape, features of what they shall show
 * @returns       [], or with reduction 'none' [N]
 * @source Gatys, Ecker, Bethge 2015, arXiv:1508.06576, equation 1; lecture notes 004, line 7593
 */
export function contentLoss<const R extends LossReduction = 'mean'>(
  input: Tensor,
  target: Tensor,
  options: LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  checkRank('contentLoss', 'input', input, ['batch', 'channels', '...']);
  checkOneShape('contentLoss', { input, target });
  checkReduction('contentLoss', options.reduction);
  return inFloat([input, target], (x: Tensor, t: Tensor) =>
    reduceLoss(mul(sum(flatten(square(sub(x, t)), 1), 1), 0.5), options),
  );
}
