import { softmin } from '../../ops/activation/softmin.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** Exponentials of −x along an axis, scaled to the sum 1; see the op `softmin`. [...] → [...]. */
export class Softmin extends Layer<SameShape> {
  /** @param axis  default −1, the last */
  constructor(readonly axis = -1) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return softmin(x, this.axis);
  }
}
