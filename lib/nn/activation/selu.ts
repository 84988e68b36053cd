import { selu } from '../../ops/activation/selu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** Scaled exponential linear unit; see the op `selu`. [...] → [...]. */
export class SELU extends Layer<SameShape> {
  protected override compute(x: Tensor): Tensor {
    return selu(x);
  }
}
