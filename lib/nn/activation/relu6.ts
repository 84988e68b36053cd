import { relu6 } from '../../ops/activation/relu6.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameTensor } from '../shape_rule.js';

/** min(max(x, 0), 6); see the op `relu6`. [...] → [...]. */
export class ReLU6 extends Layer<SameTensor> {
  protected override compute(x: Tensor): Tensor {
    return relu6(x);
  }
}
