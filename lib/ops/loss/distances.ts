import type { Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { matmul } from '../linalg/matmul.js';
import { sum } from '../reduction/sum.js';
import { transpose } from '../shape/permute.js';

/** ‖aᵢ − bⱼ‖² of all rows, [n, m], by one product: ‖aᵢ‖² + ‖bⱼ‖² − 2 aᵢ · bⱼ. */
export function squaredDistances(a: Tensor, b: Tensor): Tensor {
  const [n, m] = [sum(square(a), 1, { keepDims: true }), sum(square(b), 1)];
  return sub(add(n, m), mul(matmul(a, transpose(b)), 2));
}
