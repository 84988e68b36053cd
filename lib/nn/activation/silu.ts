import { silu } from '../../ops/activation/silu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** Sigmoid linear unit: x · σ(x); see the op `silu`. [...] → [...]. */
export class SiLU extends Layer<SameShape> {
  protected override compute(x: Tensor): Tensor {
    return silu(x);
  }
}
