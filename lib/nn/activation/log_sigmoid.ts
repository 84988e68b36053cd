import { logSigmoid } from '../../ops/activation/log_sigmoid.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** The logarithm of the sigmoid; see the op `logSigmoid`. [...] → [...]. */
export class LogSigmoid extends Layer<SameShape> {
  protected override compute(x: Tensor): Tensor {
    return logSigmoid(x);
  }
}
