import { relu } from '../../ops/activation/relu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameTensor } from '../shape_rule.js';

/** Rectified linear unit: max(x, 0); see the op `relu`. [...] → [...]. */
export class ReLU extends Layer<SameTensor> {
  protected override compute(x: Tensor): Tensor {
    return relu(x);
  }
}
