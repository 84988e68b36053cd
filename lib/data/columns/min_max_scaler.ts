import { given } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { add } from '../../ops/elementwise/add.js';
import { div } from '../../ops/elementwise/div.js';
import { eq } from '../../ops/elementwise/eq.js';
import { mul } from '../../ops/elementwise/mul.js';
import { sub } from '../../ops/elementwise/sub.js';
import { where } from '../../ops/indexing/where.js';
import { max } from '../../ops/reduction/max.js';
import { min } from '../../ops/reduction/min.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { ScalerOptions } from './standard_scaler.js';
import { FeatureTransform } from './transform.js';

export interface MinMaxScalerOptions extends ScalerOptions {
  /** What the training examples' smallest and largest value become; default [0, 1]. */
  range?: readonly [low: number, high: number];
}

/**
 * Features shifted and scaled to a range, which the training examples fill:
 *
 *   y = low + (high − low) · (x − min) / (max − min)
 *
 * A feature that is constant becomes `low`. Other examples may lie outside of the range.
 *
 * @source lecture notes 000, line 673; with range [−1, 1] of 0 … 255 lecture notes 001, line 712; scikit-learn's
 *   MinMaxScaler
 */
export class MinMaxScaler extends FeatureTransform<'min' | 'max'> {
  readonly range: readonly [number, number];

  constructor(options: MinMaxScalerOptions = {}) {
    const { range = [0, 1], axis = -1 } = given(options);
    super({ min: ['features'], max: ['features'] }, axis);
    if (!(range[0] < range[1] && Number.isFinite(range[1] - range[0]))) {
      throw new ValueError(`MinMaxScaler: range must be finite, low < high; got ${range[0]} and ${range[1]}`);
    }
    this.range = range;
  }

  protected override learn(x: Tensor): { min: Tensor; max: Tensor } {
    this.checkFinite(x);
    const axes = this.others(x);
    return { min: min(x, axes) as Tensor, max: max(x, axes) as Tensor };
  }

  protected override apply(x: Tensor, { min, max }: { min: Tensor; max: Tensor }): Tensor {
    const [low, high] = this.range;
    const share = div(sub(x, this.along(min, x)), this.#width(min, max, x)) as Tensor;
    return add(mul(share, high - low), low) as Tensor;
  }

  protected override revert(y: Tensor, { min, max }: { min: Tensor; max: Tensor }): Tensor {
    const [low, high] = this.range;
    const share = div(sub(y, low), high - low);
    return add(mul(share, this.#width(min, max, y)), this.along(min, y)) as Tensor;
  }

  /** max − min, 1 where that is 0. */
  #width(min: Tensor, max: Tensor, x: Tensor): Tensor {
    const width = sub(max, min) as Tensor;
    return this.along(where(eq(width, 0), 1, width) as Tensor, x);
  }
}
