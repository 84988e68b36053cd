import { celu } from '../../ops/activation/celu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** x above 0, alpha · (e^(x / alpha) − 1) below; see the op `celu`. [...] → [...]. */
export class CELU extends Layer<SameShape> {
  /** @param alpha  > 0; default 1 */
  constructor(readonly alpha = 1) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return celu(x, this.alpha);
  }
}
