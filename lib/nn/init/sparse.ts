import { checkFraction, checkNonNegative, given } from '../../core/check.js';
import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { rand, randn } from '../../ops/random/random.js';
import { tensor as tensorOf } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import type { InitOptions } from './init.js';

export interface SparseOptions extends InitOptions {
  /** Share of each column that is 0, rounded up; in 0 … 1. */
  sparsity: number;
  /** Standard deviation of the others; ≥ 0; default 0.01. */
  std?: number;
}

/**
 * Normal with standard deviation `std`, but for elements of each column that are 0: each input reaches a few units only.
 *
 * @param tensor  [out, in]
 * @throws ShapeError "sparse: the tensor must have the axes [out, in]; got [3]"
 * @source Martens 2010, "Deep learning via Hessian-free optimization", section 5
 */
export function sparse<T extends Tensor>(tensor: T, options: SparseOptions): T {
  const { sparsity, std = 0.01, ...random } = given(options);
  checkTensor('sparse', tensor);
  checkFraction('sparse', 'sparsity', sparsity);
  checkNonNegative('sparse', 'std', std);
  if (tensor.rank !== 2) {
    throw new ShapeError(`sparse: the tensor must have the axes [out, in]; got ${show(tensor.shape)}`);
  }
  const [rows, columns]: number[] = tensor.shape;
  const values = Float64Array.from(randn([rows, columns], { ...random, std, dtype: 'float64' }).data());
  const keys = rand([columns, rows], { ...random, dtype: 'float64' }).data();
  for (let column = 0; column < columns; column++) {
    const order = Array.from({ length: rows }, (_, row) => row);
    const keyOf = (row: number): number => keys[column * rows + row];
    order.sort((a, b) => keyOf(a) - keyOf(b));
    for (const row of order.slice(0, Math.ceil(sparsity * rows))) values[row * columns + column] = 0;
  }
  return tensor.assign(tensorOf(values, { shape: [rows, columns] }).to(tensor.dtype));
}
