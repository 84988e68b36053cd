import { step } from '../../ops/activation/step.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** 0 below 0, 1 above, with derivative 0; see the op `step`. [...] → [...]. */
export class Step extends Layer<SameShape> {
  /** @param atZero  the value at 0; default 1 */
  constructor(readonly atZero = 1) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return step(x, this.atZero);
  }
}
