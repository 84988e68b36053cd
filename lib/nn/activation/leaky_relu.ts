import { leakyRelu } from '../../ops/activation/leaky_relu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** x above 0, negativeSlope · x below; see the op `leakyRelu`. [...] → [...]. */
export class LeakyReLU extends Layer<SameShape> {
  /** @param negativeSlope  finite; default 0.01 */
  constructor(readonly negativeSlope = 0.01) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return leakyRelu(x, this.negativeSlope);
  }
}
