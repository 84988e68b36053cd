import { squash } from '../../ops/activation/squash.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** Shortens vectors along an axis to a length below 1; see the op `squash`. [...] → [...]. */
export class Squash extends Layer<SameShape> {
  /** @param axis  default −1, the last */
  constructor(readonly axis = -1) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return squash(x, this.axis);
  }
}
