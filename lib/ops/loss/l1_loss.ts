import type { Tensor } from '../../tensor/tensor.js';
import { abs } from '../elementwise/abs.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { checkSameShape, type ElementLoss, type LossOptions, reduceLoss } from './loss.js';

/**
 * Mean absolute error: |input − target|, reduced; derivative 0 where they are equal.
 *
 * @param input   [...]
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ShapeError "l1Loss: input and target must have one shape; got [4, 3] and [4]; reshape one of them"
 */
export const l1Loss: ElementLoss = (input: Tensor, target: Tensor, { reduction }: LossOptions = {}) => {
  checkSameShape('l1Loss', input, target);
  return inFloat([input, target], (p, t) => reduceLoss('l1Loss', abs(sub(p, t)), reduction));
};
