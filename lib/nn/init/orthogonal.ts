import { checkNonNegative } from '../../core/check.js';
import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { eye } from '../../ops/creation/eye.js';
import { eigh } from '../../ops/linalg/eigh.js';
import { randn } from '../../ops/random/random.js';
import { noGrad } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import type { InitOptions } from './init.js';

/**
 * Orthogonal rows or columns, whichever are fewer, of length `gain`: signals keep their norm through deep linear nets. Axes
 * behind the first are one: [out, in · …].
 *
 *   Q = A (Aᵀ A)^(−1/2), A of normally distributed numbers: Q is uniform among all
 *
 * @throws ShapeError "orthogonal: the tensor must have the axes [out, in, ...]; got [3]"
 * @source Saxe, McClelland, Ganguli 2013, arXiv:1312.6120
 */
export function orthogonal<T extends Tensor>(
  tensor: T,
  { gain = 1, ...random }: { gain?: number } & InitOptions = {},
): T {
  checkNonNegative('orthogonal', 'gain', gain);
  checkTensor('orthogonal', tensor);
  if (tensor.rank < 2) {
    throw new ShapeError(`orthogonal: the tensor must have the axes [out, in, ...]; got ${show(tensor.shape)}`);
  }
  if (tensor.size === 0) return tensor;
  return noGrad(() => {
    const [out] = tensor.shape;
    const width = tensor.size / out;
    const [long, short] = [Math.max(out, width), Math.min(out, width)];
    const a = randn([long, short], { ...random, dtype: 'float64' });
    const { values, vectors } = eigh(a.transpose().matmul(a));
    const q: Tensor = a.matmul(vectors).div(values.sqrt()).matmul(vectors.transpose());
    // A step of Newton's for the inverse root takes back what rounding left: q (3 − qᵀ q) / 2.
    const rest = eye(short, { dtype: 'float64' }).mul(3).sub(q.transpose().matmul(q));
    const exact = q.matmul(rest).mul(gain / 2);
    return tensor.assign((out < width ? exact.transpose() : exact).reshape(tensor.shape).to(tensor.dtype));
  });
}
