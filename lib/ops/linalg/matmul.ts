import { kernel, run, type View } from '../../backend/index.js';
import { autocast } from '../../core/autocast.js';
import { type DType, isComplex, isFloat, type Promoted, partDType } from '../../core/dtype.js';
import { DTypeError, ShapeError } from '../../core/errors.js';
import { broadcastShapes, broadcastStrides, sameShape, show, sizeOf } from '../../core/shape.js';
import type { Checked, MatMul, Result, Shape } from '../../core/types.js';
import { empty, scalar } from '../../tensor/create.js';
import { record, savedFactors } from '../../tensor/tape.js';
import { checkTensor, Tensor } from '../../tensor/tensor.js';
import { complex } from '../complex/complex.js';
import { viewAsComplex, viewAsReal } from '../complex/view_as_real.js';
import { operands } from '../elementwise/elementwise.js';
import { mul } from '../elementwise/mul.js';
import { productNumbers } from '../precision.js';
import { transpose } from '../shape/permute.js';
import { stack } from '../shape/stack.js';

/**
 * Matrix product: yᵢⱼ = Σₖ aᵢₖ · bₖⱼ over the last two axes, the axes before them broadcast. A vector counts as a row on the
 * left and as a column on the right, and its axis is dropped from the result. Sums of bfloat16 are float32, rounded at the
 * end; `autocast` multiplies float32 so too, and rounds nothing but the operands.
 *
 * @param a  [..., m, k] or [k]
 * @param b  [..., k, n] or [k]
 * @returns  [..., m, n]
 * @throws ShapeError "matmul: inner dimensions 3 and 2 differ: [4, 3] · [2, 5]; did you mean to transpose one?"
 */
export function matmul<A extends Shape, D extends DType, B extends Shape, E extends DType>(
  a: Tensor<A, D>,
  b: Tensor<B, E> & Checked<MatMul<A, B>>,
): Tensor<Result<MatMul<A, B>>, Promoted<D, E>> {
  checkTensor('matmul', a);
  checkTensor('matmul', b);
  if (a.rank === 0 || b.rank === 0) {
    throw new ShapeError(`matmul: a scalar cannot be multiplied: ${show(a.shape)} · ${show(b.shape)}; use mul`);
  }
  const k = a.shape[a.rank - 1];
  const k2 = b.shape[b.rank === 1 ? 0 : b.rank - 2];
  if (k !== k2) {
    throw new ShapeError(
      `matmul: inner dimensions ${k} and ${k2} differ: ${show(a.shape)} · ${show(b.shape)}; did you mean to transpose one?`,
    );
  }
  const [p, q] = operands('matmul', a, b);
  if (p.dtype === 'bool' || p.dtype === 'uint8') {
    throw new DTypeError(`matmul: ${p.dtype} has no product sums; convert with to('int32') or to('float32')`);
  }
  const rows: Tensor = p.rank === 1 ? p.reshape([1, k]) : p;
  const columns: Tensor = q.rank === 1 ? q.reshape([k, 1]) : q;
  const y = isComplex(p.dtype) ? complexProduct(rows, columns) : product(rows, columns);
  const shape: number[] = [...y.shape];
  if (q.rank === 1) shape.pop();
  if (p.rank === 1) shape.splice(q.rank === 1 ? -1 : -2, 1);
  return y.reshape(shape);
}

/** Each sum is as long as the last axis of a. */
const products = ([y, a]: readonly View[]): number => sizeOf(y.shape) * a.shape[a.shape.length - 1];

kernel('matmul', {
  products,
  flops: (views) => 2 * products(views) + (views.length - 3) * sizeOf(views[0].shape), // bias and residual
  numbers: ['epilogue', 'rounds', 'residual', 'panels'],
});

/** The product of operands that both have matrix axes. */
function product(a: Tensor, b: Tensor): Tensor {
  const batch = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  const y: Tensor = empty([...batch, a.shape[a.rank - 2], b.shape[b.rank - 1]], a.dtype);
  run('matmul', [y, broadcastBatch(a, batch), broadcastBatch(b, batch)], productNumbers(a.dtype));
  if (!isFloat(a.dtype)) return y;
  return record('matmul', y, [a, b], savedFactors(a, b), (dy, [a, b]) => [
    () => product(dy, transpose(b)), // m n · (k n)ᵀ → m k
    () => product(transpose(a), dy), // (m k)ᵀ · m n → k n
  ]);
}

/**
 * A product of complex matrices by one of real ones: a row of a is its parts in turn, [m, 2k], and each element of b the
 * matrix that multiplies a pair of parts by it, [2k, 2n].
 */
function complexProduct(a: Tensor, b: Tensor): Tensor {
  const [m, k, n] = [a.shape[a.rank - 2], a.shape[a.rank - 1], b.shape[b.rank - 1]];
  const turned = viewAsReal(mul(b, complex(0, scalar('matmul', 1, partDType(b.dtype)) as Tensor) as Tensor));
  const pairs: Tensor = stack([viewAsReal(b), turned], -3);
  const left = viewAsReal(a).reshape([...a.shape.slice(0, -2), m, 2 * k]) as Tensor;
  const right = pairs.reshape([...b.shape.slice(0, -2), 2 * k, 2 * n]) as Tensor;
  const y = autocast('float32', () => product(left, right));
  return viewAsComplex(y.reshape([...y.shape.slice(0, -1), n, 2]));
}

function broadcastBatch(x: Tensor, batch: readonly number[]): Tensor {
  if (sameShape(x.shape.slice(0, -2), batch)) return x;
  const shape = [...batch, ...x.shape.slice(-2)];
  return new Tensor(x.storage, x.dtype, shape, broadcastStrides(x.shape, x.strides, shape), x.offset);
}
