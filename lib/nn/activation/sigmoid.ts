import { sigmoid } from '../../ops/activation/sigmoid.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** Logistic function: 1 / (1 + e⁻ˣ); see the op `sigmoid`. [...] → [...]. */
export class Sigmoid extends Layer<SameShape> {
  protected override compute(x: Tensor): Tensor {
    return sigmoid(x);
  }
}
