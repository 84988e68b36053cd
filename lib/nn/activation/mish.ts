import { mish } from '../../ops/activation/mish.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** x · tanh(softplus x); see the op `mish`. [...] → [...]. */
export class Mish extends Layer<SameShape> {
  protected override compute(x: Tensor): Tensor {
    return mish(x);
  }
}
