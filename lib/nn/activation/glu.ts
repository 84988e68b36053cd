import { glu } from '../../ops/activation/glu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { UnknownShape } from '../shape_rule.js';

/** Gated linear unit: half of the axis times the sigmoid of the other half; see the op `glu`. [..., 2n] → [..., n]. */
export class GLU extends Layer<UnknownShape> {
  /** @param axis  default −1, the last */
  constructor(readonly axis = -1) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return glu(x, this.axis);
  }
}
