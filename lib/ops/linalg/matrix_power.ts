import { kernel } from '../../backend/index.js';
import type { DType, Floating } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import { empty } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { eye } from '../creation/eye.js';
import { zerosLike } from '../creation/zeros_like.js';
import { concat } from '../shape/concat.js';
import { expand } from '../shape/expand.js';
import { transpose } from '../shape/permute.js';
import { slice } from '../shape/slice.js';
import { matmul } from './matmul.js';
import { checkSquare, cubed, precisely, runBatched } from './matrices.js';
import { inv } from './solve.js';

/**
 * Powers of square matrices, by repeated squaring: aⁿ, a⁰ = 1, a⁻ⁿ = (a⁻¹)ⁿ.
 *
 * @param a  [..., n, n]
 * @param n  a whole number
 * @returns  [..., n, n]; integers give float32 for n < 0
 * @throws ValueError "matrixPower: n must be a whole number; got 0.5"; for n < 0 as `inv`
 */
export function matrixPower<D extends DType>(a: Tensor<any, D>, n: number): Tensor<any, D | Floating<D>> {
  checkSquare('matrixPower', a);
  if (!Number.isSafeInteger(n)) throw new ValueError(`matrixPower: n must be a whole number; got ${n}`);
  if (n < 0) return matrixPower(inv(a) as Tensor, -n);
  if (n === 0) return expand(eye(a.shape[a.rank - 1], { dtype: a.dtype }) as Tensor, a.shape) as Tensor;
  let result: Tensor | null = null;
  let square: Tensor = a;
  for (let left = n; ; square = matmul(square, square) as Tensor) {
    if (left % 2 === 1) result = result === null ? square : (matmul(result, square) as Tensor);
    left = Math.floor(left / 2);
    if (left === 0) return result as Tensor;
  }
}

// Six products and an elimination; how often the result is squared, its values say.
kernel('matrixExp', { flops: ([y]) => cubed(2 * 6 + 8 / 3, y) });

/**
 * The exponential of square matrices: Σ aᵏ / k!. In float64 for every dtype.
 *
 *   da is the upper right block of exp of the matrix with the blocks aᵀ, dy; 0, aᵀ
 *
 * @param a  [..., n, n]; integers give float32; an element that is not finite gives NaN
 * @returns  [..., n, n]
 * @throws ShapeError "matrixExp: square matrices are needed; got shape [2, 3]"
 * @source Higham 2005, "The scaling and squaring method for the matrix exponential revisited"; derivative: Najfeld, Havel
 *         1995, "Derivatives of the matrix exponential and their computation", section 3
 */
export function matrixExp<D extends DType>(a: Tensor<any, D>): Tensor<any, Floating<D>> {
  checkSquare('matrixExp', a);
  return precisely([a], exponential);
}

function exponential(a: Tensor): Tensor {
  const y: Tensor = empty(a.shape, a.dtype);
  runBatched('matrixExp', a.shape.slice(0, -2), [y, a]);
  return record('matrixExp', y, [a], [a], (dy, [a]) => {
    const n: number = a.shape[a.rank - 1];
    const turned = transpose(a) as Tensor;
    const above = concat([turned, dy], -1) as Tensor;
    const below = concat([zerosLike(turned) as Tensor, turned], -1) as Tensor;
    return [slice(exponential(concat([above, below], -2) as Tensor), '...', [0, n], [n, null])];
  });
}
