import { kernel, run } from '../../backend/index.js';
import { partDType } from '../../core/dtype.js';
import { empty } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { parts, type Tensor } from '../../tensor/tensor.js';
import { div } from '../elementwise/div.js';
import { eq } from '../elementwise/eq.js';
import { mul } from '../elementwise/mul.js';
import { where } from '../indexing/where.js';

kernel('complexAbs', { flops: 4 });

/** `abs` of complex numbers, √(re² + im²) without overflow; derivative 0 at 0. */
export function complexAbs(x: Tensor): Tensor {
  const y: Tensor = empty(x.shape, partDType(x.dtype));
  run('complexAbs', [y, parts(x)]);
  // x / |x| is the direction in which |x| grows.
  return record('abs', y, [x], [x, y], (dy, [x, y]) => [
    () => mul(dy, div(x, where(eq(y, 0), 1, y) as Tensor) as Tensor) as Tensor,
  ]);
}
