import { softshrink } from '../../ops/activation/softshrink.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** x moved towards 0 by lambda, and 0 within it; see the op `softshrink`. [...] → [...]. */
export class Softshrink extends Layer<SameShape> {
  /** @param lambda  ≥ 0; default 0.5 */
  constructor(readonly lambda = 0.5) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return softshrink(x, this.lambda);
  }
}
