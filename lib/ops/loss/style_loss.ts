import { show, sizeOf } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkRank, checkShapes } from '../check.js';
import { div } from '../elementwise/div.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { matmul } from '../linalg/matmul.js';
import { inFloat } from '../precision.js';
import { sum } from '../reduction/sum.js';
import { transpose } from '../shape/permute.js';
import { checkReduction, type LossOptions, type LossReduction, type Reduced, reduceLoss } from './loss.js';

/**
 * Gram matrix of an image's features, which of them occur together: X · Xᵀ / (C · positions), X being [C, positions].
 *
 * @param features  [N, C, ...]
 * @returns         [N, C, C]
 * @source Gatys, Ecker, Bethge 2015, arXiv:1508.06576, equation 3; divided as in lecture notes 004, line 7611
 */
export function gramMatrix(features: Tensor): Tensor {
  checkRank('gramMatrix', 'features', features, ['batch', 'channels', '...']);
  const [n, c, ...plane]: number[] = features.shape;
  return inFloat([features], (x: Tensor) => {
    const rows: Tensor = x.reshape([n, c, sizeOf(plane)]);
    return div(matmul(rows, transpose(rows)), c * sizeOf(plane));
  });
}

/**
 * Style loss of each image: Σ (gramMatrix(features) − gram)² over all pairs of channels, reduced.
 *
 * @param features  [N, C, ...], of the images
 * @param gram      [N, C, C], `gramMatrix` of the styles' features, which stays the same from step to step
 * @returns         [], or with reduction 'none' [N]
 * @throws ShapeError "styleLoss: gram must be [1, 3, 3], a matrix for each image of features [1, 3, 4, 4]; got [3, 3]"
 * @source lecture notes 004, lines 7629–7635
 */
export function styleLoss<const R extends LossReduction = 'mean'>(
  features: Tensor,
  gram: Tensor,
  options: LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  const op = 'styleLoss';
  checkRank(op, 'features', features, ['batch', 'channels', '...']);
  checkReduction(op, options.reduction);
  const [n, c]: number[] = features.shape;
  checkShapes(op, { gram }, [n, c, c], () => `a matrix for each image of features ${show(features.shape)}`);
  return inFloat([features, gram], (x: Tensor, g: Tensor) =>
    reduceLoss(sum(square(sub(gramMatrix(x), g)), [1, 2]), options),
  );
}
