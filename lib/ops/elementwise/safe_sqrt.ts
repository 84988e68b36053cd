import type { Tensor } from '../../tensor/tensor.js';
import { where } from '../indexing/where.js';
import { le } from './le.js';
import { sqrt } from './sqrt.js';

/** √x with derivative 0 at 0, where √'s is infinite: a norm and a deviation have their minimum there. */
export function safeSqrt(x: Tensor): Tensor {
  const zero = le(x, 0);
  return where(zero, 0, sqrt(where(zero, 1, x)));
}
