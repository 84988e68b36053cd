import { sizeOf } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { div } from '../elementwise/div.js';
import { eq } from '../elementwise/eq.js';
import { where } from '../indexing/where.js';
import { sum } from '../reduction/sum.js';
import { checkOneShape, checkReduction, type LossOptions } from './loss.js';

/* What the losses of overlapping areas share: [batch, classes, ...] with positions behind. */

export function checkAreas(op: string, input: Tensor, target: Tensor, { reduction }: LossOptions): void {
  checkRank(op, 'input', input, ['batch', 'classes', '...']);
  checkOneShape(op, { input, target });
  checkReduction(op, reduction);
}

/** Sums over the positions, [batch, classes]. */
export function overPositions(x: Tensor): Tensor {
  const [n, c, ...plane]: number[] = x.shape;
  return sum(x.reshape([n, c, sizeOf(plane)]), 2);
}

/** A share of what may be empty, of which all is right then. */
export function share(part: Tensor, whole: Tensor): Tensor {
  const empty = eq(whole, 0);
  return where(empty, 1, div(part, where(empty, 1, whole)));
}
