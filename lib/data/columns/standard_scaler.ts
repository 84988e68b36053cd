import { given } from '../../core/check.js';
import { add } from '../../ops/elementwise/add.js';
import { div } from '../../ops/elementwise/div.js';
import { mul } from '../../ops/elementwise/mul.js';
import { sub } from '../../ops/elementwise/sub.js';
import { mean } from '../../ops/reduction/mean.js';
import { variance } from '../../ops/reduction/variance.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { FeatureTransform } from './transform.js';

export interface ScalerOptions {
  /** Where the features lie; default −1, the last. −3: one mean and deviation for each channel of images [n, c, h, w]. */
  axis?: number;
}

/**
 * Features shifted and scaled to mean 0 and standard deviation 1 on the training examples (deviation by n, not n − 1):
 *
 *   y = (x − mean) / std
 *
 * A feature that is constant up to rounding is only shifted.
 *
 * @source lecture notes 000, line 677; scikit-learn's StandardScaler
 */
export class StandardScaler extends FeatureTransform<'mean' | 'std'> {
  constructor(options: ScalerOptions = {}) {
    const { axis = -1 } = given(options);
    super({ mean: ['features'], std: ['features'] }, axis);
  }

  protected override learn(x: Tensor): { mean: Tensor; std: Tensor } {
    this.checkFinite(x);
    const axes = this.others(x);
    const means = mean(x, axes) as Tensor;
    const variances = variance(x, axes, { correction: 0 }).data();
    const n = x.size / means.size;
    // What rounding leaves of a constant's variance (Chan, Golub, LeVeque 1983, equation 2.4).
    const noise = means.data().map((value: number) => (n * value * Number.EPSILON) ** 2);
    const std = Float64Array.from(variances, (v: number, i: number) =>
      v <= n * Number.EPSILON * v + noise[i] ? 1 : Math.sqrt(v),
    );
    return { mean: means, std: fromStorage(std, [std.length], 'float64') as Tensor };
  }

  protected override apply(x: Tensor, { mean, std }: { mean: Tensor; std: Tensor }): Tensor {
    return div(sub(x, this.along(mean, x)), this.along(std, x)) as Tensor;
  }

  protected override revert(y: Tensor, { mean, std }: { mean: Tensor; std: Tensor }): Tensor {
    return add(mul(y, this.along(std, y)), this.along(mean, y)) as Tensor;
  }
}
