import { run } from '../../backend/index.js';
import { given } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { type CreateOptions, zeros } from '../../tensor/create.js';
import { Tensor } from '../../tensor/tensor.js';

/** `eye`: square where only one size is given. */
export interface Eye {
  <const N extends number, D extends DType = 'float32'>(n: N, options?: CreateOptions<D>): Tensor<[N, N], NoInfer<D>>;
  <const N extends number, const M extends number, D extends DType = 'float32'>(
    n: N,
    m: M,
    options?: CreateOptions<D>,
  ): Tensor<[N, M], NoInfer<D>>;
}

/**
 * The identity matrix: 1 on the diagonal, 0 elsewhere.
 *
 * @param n  rows
 * @param m  columns; default n
 * @returns  [n, m]; default float32
 */
export const eye: Eye = ((n: number, second: number | CreateOptions = n, third: CreateOptions = {}) => {
  const [m, options] = typeof second === 'number' ? [second, third] : [n, given(second)];
  const y: Tensor = zeros([n, m], options);
  const diagonal = new Tensor(y.storage, y.dtype, [Math.min(n, m)], [m + 1]);
  run('fill', [diagonal], [1]);
  return y;
}) as Eye;
