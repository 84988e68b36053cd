import { tanh } from '../../ops/elementwise/tanh.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** Hyperbolic tangent: (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ); see the op `tanh`. [...] → [...]. */
export class Tanh extends Layer<SameShape> {
  protected override compute(x: Tensor): Tensor {
    return tanh(x);
  }
}
