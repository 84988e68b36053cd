import { kernel, run } from '../../backend/index.js';
import { sizeOf } from '../../core/shape.js';
import { empty, emptyLike, fill } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import type { Tensor } from '../../tensor/tensor.js';
import { mul } from '../elementwise/mul.js';
import { contiguous } from '../shape/contiguous.js';
import { permute } from '../shape/permute.js';
import { reshape } from '../shape/reshape.js';
import { slice } from '../shape/slice.js';
import { keptShape, reducedCount, reduceWith, reduction, type SumOut } from './reduction.js';

// The product of those before, of those behind, and of both.
kernel('prodGradient', { flops: 3 });

const product = fused(
  'prod',
  (x: Tensor, axes: readonly number[]) => reshape(halved(x, axes), keptShape(x.shape, axes)),
  (x, axes) => ({
    result: reduceWith('prod', x, axes),
    saved: [x],
    backward: (dy) => [gradientOfProduct(dy, x, axes)],
  }),
);

/** dxᵢ = dy · Π xⱼ over j ≠ i, without a division. */
function gradientOfProduct(dy: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  if (x.size === 0) return emptyLike(x);
  const all: number[] = x.shape.map((_: number, i: number) => i);
  const others = all.filter((i) => !axes.includes(i));
  // The kernel sees the reduced axes as one in the middle; where others lie among them, they come last.
  const together = axes.every((axis, i) => axis === axes[0] + i);
  const order = together ? all : [...others, ...axes];
  const inOrder: Tensor = contiguous(permute(x, order));
  const before = sizeOf(inOrder.shape.slice(0, together ? axes[0] : others.length));
  const count = reducedCount(x.shape, axes);
  const behind = x.size / Math.max(1, before * count);
  const dx = empty(inOrder.shape, x.dtype);
  const lines = [before, count, behind];
  const gradients: Tensor = reshape(contiguous(dy), [before, 1, behind]);
  run('prodGradient', [reshape(dx, lines), gradients, reshape(inOrder, lines)]);
  return permute(
    dx,
    all.map((i) => order.indexOf(i)),
  );
}

/**
 * Product over the given axes, or all; 1 over none. bool and integers are multiplied exactly and give int32.
 *
 * Derivatives of every order are right where elements are 0: nothing divides by them.
 *
 * @param x         [...]
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         x's shape without these axes
 * @throws ValueError "prod: the product 4294967296 is no int32; convert with to('float64') first"
 */
export const prod = reduction<SumOut>('prod', {
  dtype: 'product',
  reduce: product,
});

/** The products over some axes, without these axes, as products of halves. */
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
