import { softplus } from '../../ops/activation/softplus.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** log(1 + eˣ); see the op `softplus`. [...] → [...]. */
export class Softplus extends Layer<SameShape> {
  protected override compute(x: Tensor): Tensor {
    return softplus(x);
  }
}
