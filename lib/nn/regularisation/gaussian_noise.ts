import { checkNonNegative } from '../../core/check.js';
import type { Generator } from '../../core/random.js';
import { gaussianNoise } from '../../ops/random/gaussian_noise.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** In training, adds normally distributed noise; see the op `gaussianNoise`. [...] → [...]. */
export class GaussianNoise extends Layer<SameShape> {
  readonly #generator: Generator | undefined;

  /** @param std  the noise's standard deviation; ≥ 0 */
  constructor(
    readonly std: number,
    { generator }: { generator?: Generator | undefined } = {},
  ) {
    super();
    checkNonNegative('GaussianNoise', 'std', std);
    this.#generator = generator;
  }

  protected override compute(x: Tensor): Tensor {
    return gaussianNoise(x, this.std, { training: this.training, generator: this.#generator });
  }
}
