import { given } from '../../core/check.js';
import { type ScaledTanhOptions, scaledTanh } from '../../ops/activation/scaled_tanh.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** LeCun's tanh: a · tanh(b · x); see the op `scaledTanh`. [...] → [...]. */
export class ScaledTanh extends Layer<SameShape> {
  readonly a: number;
  readonly b: number;

  /** @param options  a, default 1.716, and b, default 2/3 */
  constructor(options: ScaledTanhOptions = {}) {
    const { a = 1.716, b = 2 / 3 } = given(options);
    super();
    this.a = a;
    this.b = b;
  }

  protected override compute(x: Tensor): Tensor {
    return scaledTanh(x, this);
  }
}
