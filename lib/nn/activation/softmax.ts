import { softmax } from '../../ops/activation/softmax.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** Exponentials along an axis, scaled to the sum 1; see the op `softmax`. [...] → [...]. */
export class Softmax extends Layer<SameShape> {
  /** @param axis  default −1, the last */
  constructor(readonly axis = -1) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return softmax(x, this.axis);
  }
}
