import { hardswish } from '../../ops/activation/hardswish.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** x · hardsigmoid(x); see the op `hardswish`. [...] → [...]. */
export class Hardswish extends Layer<SameShape> {
  protected override compute(x: Tensor): Tensor {
    return hardswish(x);
  }
}
