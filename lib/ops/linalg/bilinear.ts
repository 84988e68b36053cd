import type { DType, Floating, Promoted } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { sameShape, show } from '../../core/shape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { checkRank, checkShapes } from '../check.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { inFloat } from '../precision.js';
import { sum } from '../reduction/sum.js';
import { matmul } from './matmul.js';

/**
 * A form that is linear in each of two inputs: y[..., o] = Σᵢⱼ x₁[..., i] · weight[o, i, j] · x₂[..., j] + bias[o].
 *
 * @param x1      [..., in1]
 * @param x2      [..., in2], with the same axes before
 * @param weight  [out, in1, in2]
 * @param bias    [out]
 * @returns       [..., out]; integers give float32
 * @throws ShapeError "bilinear: x1 and x2 must be alike but for the last axis, of 3 and 4 elements; got [2, 3] and [5, 4]"
 */
export function bilinear<D extends DType, E extends DType>(
  x1: Tensor<any, D>,
  x2: Tensor<any, D>,
  weight: Tensor<any, E>,
  bias?: Tensor,
): Tensor<any, Floating<Promoted<D, E>>> {
  checkTensor('bilinear', x1);
  checkTensor('bilinear', x2);
  checkRank('bilinear', 'weight', weight, ['out', 'in1', 'in2']);
  const [out, in1, in2]: readonly number[] = weight.shape;
  const before: readonly number[] = x1.shape.slice(0, -1);
  if (x1.rank === 0 || !sameShape(x1.shape, [...before, in1]) || !sameShape(x2.shape, [...before, in2])) {
    throw new ShapeError(
      `bilinear: x1 and x2 must be alike but for the last axis, of ${in1} and ${in2} elements; got ${show(x1.shape)} and ${show(x2.shape)}`,
    );
  }
  checkShapes('bilinear', { bias }, [out], () => 'one for each output');
  const rows = before.reduce((a, b) => a * b, 1);
  return inFloat([x1, x2, weight, bias], (x1, x2, weight, bias) => {
    // [rows, in1] · [in1, out · in2], then the second input along in2
    const columns = (weight as Tensor).permute([1, 0, 2]).reshape([in1, out * in2]);
    const left: Tensor = matmul((x1 as Tensor).reshape([rows, in1]), columns as Tensor).reshape([rows, out, in2]);
    const y: Tensor = sum(mul(left, (x2 as Tensor).reshape([rows, 1, in2])), 2).reshape([...before, out]);
    return bias === undefined ? y : add(y, bias);
  });
}
