import { run } from '../backend/index.js';
import type { DType } from '../core/dtype.js';
import { empty } from './create.js';
import type { Tensor } from './tensor.js';

/** A number as an operand, asked again at every replay of a captured step. */
export function liveNumber(dtype: DType, of: () => number): Tensor<[]> {
  const y = empty<[], DType>([], dtype);
  run('fill', [y], () => [of()]);
  return y;
}
