import { softsign } from '../../ops/activation/softsign.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** x / (1 + |x|); see the op `softsign`. [...] → [...]. */
export class Softsign extends Layer<SameShape> {
  protected override compute(x: Tensor): Tensor {
    return softsign(x);
  }
}
