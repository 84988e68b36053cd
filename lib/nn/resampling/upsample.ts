import type { Shape } from '../../core/types.js';
import {
  type InterpolateOptions,
  interpolate,
  type Resampled,
  type ResampledDType,
} from '../../ops/resampling/interpolate.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { ShapeRule } from '../shape_rule.js';

interface UpsampleRule extends ShapeRule {
  readonly output: this['input'] extends infer S extends Shape ? Resampled<S> : never;
  readonly dtype: ResampledDType<this['from']>;
}

/**
 * Sequences, images or volumes in another size; see the op `interpolate`. [N, C, …] → [N, C, …].
 *
 *     new nn.Upsample({ scaleFactor: 2, mode: 'bilinear' })
 */
export class Upsample extends Layer<UpsampleRule> {
  constructor(readonly options: InterpolateOptions) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return interpolate(x, this.options);
  }
}
