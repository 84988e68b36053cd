import { swish } from '../../ops/activation/swish.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** x · σ(β · x); see the op `swish`. [...] → [...]. */
export class Swish extends Layer<SameShape> {
  /** @param beta  finite; default 1 */
  constructor(readonly beta = 1) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return swish(x, this.beta);
  }
}
