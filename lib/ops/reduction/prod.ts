import { fill } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { mul } from '../elementwise/mul.js';
import { slice } from '../shape/slice.js';
import { reducedCount, reduction, type SumOut } from './reduction.js';

/**
 * Product over the given axes, or all; 1 over none. bool and integers are multiplied exactly and give int32.
 *
 * Composed of products of halves, so derivatives of every order are right where elements are 0: no division by them.
 *
 * @param x         [...]
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         x's shape without these axes
 * @throws ValueError "prod: the product 4294967296 is no int32; convert with to('float64') first"
 */
export const prod = reduction<SumOut>('prod', {
  dtype: 'product',
  reduce: (x, axes) => halved(x, axes),
});

/** The products over some axes, without these axes. */
function halved(x: Tensor, axes: readonly number[]): Tensor {
  const others = x.shape.map((_: number, i: number) => i).filter((i: number) => !axes.includes(i));
  let n = reducedCount(x.shape, axes);
  const shape = others.map((i: number) => x.shape[i]);
  if (n === 0) return fill(shape, 1, x.dtype);

  let y: Tensor = x.permute([...others, ...axes]).reshape([...shape, n]);
  let odd: Tensor | null = null;
  while (n > 1) {
    if (n % 2 === 1) {
      const last = slice(y, '...', [n - 1, n]);
      odd = odd === null ? last : mul(odd, last);
    }
    n = Math.floor(n / 2);
    y = mul(slice(y, '...', [0, n]), slice(y, '...', [n, 2 * n]));
  }
  return odd === null ? y : mul(y, odd);
}
