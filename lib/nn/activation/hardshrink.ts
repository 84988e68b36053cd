import { hardshrink } from '../../ops/activation/hardshrink.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** x where |x| > lambda, else 0; see the op `hardshrink`. [...] → [...]. */
export class Hardshrink extends Layer<SameShape> {
  /** @param lambda  ≥ 0; default 0.5 */
  constructor(readonly lambda = 0.5) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return hardshrink(x, this.lambda);
  }
}
