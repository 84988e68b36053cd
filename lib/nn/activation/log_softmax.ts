import { logSoftmax } from '../../ops/activation/log_softmax.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** The logarithm of `Softmax`; see the op `logSoftmax`. [...] → [...]. */
export class LogSoftmax extends Layer<SameShape> {
  /** @param axis  default −1, the last */
  constructor(readonly axis = -1) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return logSoftmax(x, this.axis);
  }
}
