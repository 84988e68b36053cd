import { elu } from '../../ops/activation/elu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** x above 0, alpha · (eˣ − 1) below; see the op `elu`. [...] → [...]. */
export class ELU extends Layer<SameShape> {
  /** @param alpha  finite; default 1 */
  constructor(readonly alpha = 1) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return elu(x, this.alpha);
  }
}
