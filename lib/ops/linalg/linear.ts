import { run } from '../../backend/index.js';
import type { DType, Floating, Promoted } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { show, sizeOf } from '../../core/shape.js';
import type { Checked, Mismatch, Ranked, Result, Same, Shape, Show } from '../../core/types.js';
import { empty } from '../../tensor/create.js';
import { record, savedFactors } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { commonFloat, productNumbers } from '../precision.js';
import { sum } from '../reduction/sum.js';
import { transpose } from '../shape/permute.js';
import { to } from '../shape/to.js';
import { matmul } from './matmul.js';

/** `[…, in] → […, out]`. */
export type LinearShape<S extends Shape, In extends number, Out extends number> =
  Ranked<S> extends false
    ? any
    : S extends readonly [...infer P extends Shape, infer K extends number]
      ? [Same<K, In>] extends [never]
        ? Mismatch<`linear: the last axis of [${Show<S>}] must have ${In} elements`>
        : [...P, Out]
      : Mismatch<'linear: a scalar has no axis to multiply over'>;

/**
 * Affine map of the last axis: y = x · weightᵀ + bias; a product, as `matmul` is, to `autocast` and in bfloat16.
 *
 * @param x       [..., in]
 * @param weight  [out, in]
 * @param bias    [out]
 * @returns       [..., out]
 * @throws ShapeError "linear: the last axis of x must have the 4 elements that weight [2, 4] takes; got [8, 3]"
 */
export function linear<S extends Shape, D extends DType, In extends number, Out extends number, E extends DType = D>(
  x: Tensor<S, D> & Checked<LinearShape<S, In, Out>>,
  weight: Tensor<[Out, In], E>,
  bias?: Tensor<[NoInfer<Out>]>,
): Tensor<Result<LinearShape<S, In, Out>>, Floating<Promoted<D, E>>> {
  checkTensor('linear', x);
  checkTensor('linear', weight);
  if (weight.rank !== 2) {
    throw new ShapeError(`linear: weight must have the axes [out, in]; got ${show(weight.shape)}`);
  }
  const [out, columns] = weight.shape;
  if (x.rank === 0 || x.shape[x.rank - 1] !== columns) {
    throw new ShapeError(
      `linear: the last axis of x must have the ${columns} elements that weight ${show(weight.shape)} takes; got ${show(x.shape)}`,
    );
  }
  if (bias !== undefined && (bias.rank !== 1 || bias.shape[0] !== out)) {
    throw new ShapeError(
      `linear: bias must be [${out}], the first axis of weight ${show(weight.shape)}; got ${show(bias.shape)}`,
    );
  }
  const dtype = commonFloat([x, weight, bias]);
  const leading = x.shape.slice(0, -1);
  const rows = to(x, dtype).reshape([sizeOf(leading), columns]);
  return affine(rows, to(weight, dtype), bias && to(bias, dtype)).reshape([...leading, out]) as Tensor;
}

/** One call of the matrix product's kernel, which adds the bias on its way out. */
function affine(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const y = empty([x.shape[0], weight.shape[0]], x.dtype);
  const columns = weight.detach().transpose();
  run('matmul', bias ? [y, x, columns, bias] : [y, x, columns], productNumbers(x.dtype));
  return record('linear', y, bias ? [x, weight, bias] : [x, weight], savedFactors(x, weight), (dy, [x, weight]) => [
    () => matmul(dy, weight), // n out · out in → n in
    () => matmul(transpose(dy), x), // (n out)ᵀ · n in → out in
    () => sum(dy, 0),
  ]);
}
