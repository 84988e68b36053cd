import { sign } from '../../ops/elementwise/sign.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameTensor } from '../shape_rule.js';

/** −1, 0 or 1, with derivative 0; see the op `sign`. [...] → [...]. */
export class Sign extends Layer<SameTensor> {
  protected override compute(x: Tensor): Tensor {
    return sign(x);
  }
}
