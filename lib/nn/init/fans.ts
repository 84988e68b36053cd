import { ShapeError } from '../../core/errors.js';
import { show, sizeOf } from '../../core/shape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';

/** The number of inputs of each output of a weight, and of outputs of each input. */
export function fans(op: string, weight: Tensor): { fanIn: number; fanOut: number } {
  checkTensor(op, weight);
  if (weight.rank < 2) {
    throw new ShapeError(`${op}: the tensor must have the axes [out, in, ...]; got ${show(weight.shape)}`);
  }
  const kernel = sizeOf(weight.shape.slice(2));
  return { fanIn: weight.shape[1] * kernel, fanOut: weight.shape[0] * kernel };
}
