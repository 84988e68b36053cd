import { tanhshrink } from '../../ops/activation/tanhshrink.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** x − tanh x; see the op `tanhshrink`. [...] → [...]. */
export class Tanhshrink extends Layer<SameShape> {
  protected override compute(x: Tensor): Tensor {
    return tanhshrink(x);
  }
}
