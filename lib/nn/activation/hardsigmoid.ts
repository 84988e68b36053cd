import { hardsigmoid } from '../../ops/activation/hardsigmoid.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** The sigmoid in straight pieces: relu6(x + 3) / 6; see the op `hardsigmoid`. [...] → [...]. */
export class Hardsigmoid extends Layer<SameShape> {
  protected override compute(x: Tensor): Tensor {
    return hardsigmoid(x);
  }
}
