import { given } from '../../core/check.js';
import { type GeluApproximation, gelu } from '../../ops/activation/gelu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** Gaussian error linear unit: x · Φ(x); see the op `gelu`. [...] → [...]. */
export class GELU extends Layer<SameShape> {
  readonly approximate: GeluApproximation;

  /** @param options.approximate  'none' (default) or 'tanh' */
  constructor(options: { approximate?: GeluApproximation } = {}) {
    const { approximate = 'none' } = given(options);
    super();
    this.approximate = approximate;
  }

  protected override compute(x: Tensor): Tensor {
    return gelu(x, this);
  }
}
