import type { Tensor } from '../../tensor/tensor.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { checkSameShape, type ElementLoss, type LossOptions, reduceLoss } from './loss.js';

/**
 * Mean squared error: (input − target)², reduced.
 *
 * @param input   [...]
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ShapeError "mseLoss: input and target must have one shape; got [4, 3] and [4]; reshape one of them"
 */
export const mseLoss: ElementLoss = (input: Tensor, target: Tensor, { reduction }: LossOptions = {}) => {
  checkSameShape('mseLoss', input, target);
  return inFloat([input, target], (p, t) => reduceLoss('mseLoss', square(sub(p, t)), reduction));
};
