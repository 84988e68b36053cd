import { threshold } from '../../ops/activation/threshold.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** x above a threshold, else a value; see the op `threshold`. [...] → [...]. */
export class Threshold extends Layer<SameShape> {
  /**
   * @param threshold  finite
   * @param value      finite; default 0
   */
  constructor(
    readonly threshold: number,
    readonly value = 0,
  ) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return threshold(x, this.threshold, this.value);
  }
}
