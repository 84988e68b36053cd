import { checkNonNegative, given } from '../../core/check.js';
import { ShapeError } from '../../core/errors.js';
import { add } from '../../ops/elementwise/add.js';
import { div } from '../../ops/elementwise/div.js';
import { mul } from '../../ops/elementwise/mul.js';
import { sqrt } from '../../ops/elementwise/sqrt.js';
import { sub } from '../../ops/elementwise/sub.js';
import { matmul } from '../../ops/linalg/matmul.js';
import { transpose } from '../../ops/shape/permute.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { principalAxes } from './pca.js';
import { checkMatrix, FeatureTransform } from './transform.js';

type State = Record<'mean' | 'components' | 'variance', Tensor>;

/**
 * Zero-phase whitening: of all linear maps that make the covariance the identity, the one that changes examples least, so
 * that a whitened image still looks like one.
 *
 *   y = (x − mean) V diag(1 / √(λ + eps)) Vᵀ
 *
 * @param options.eps  added to the variances λ; ≥ 0; default 1e-6. 0 makes the covariance the identity, if all λ > 0
 * @throws ShapeError "ZCA.fit: there must be more examples than features; got 3 of 5"
 * @source Bell, Sejnowski 1997, "The 'independent components' of natural scenes are edge filters",
 *   doi:10.1016/S0042-6989(97)00121-1
 */
export class ZCA extends FeatureTransform<keyof State> {
  readonly eps: number;

  constructor(options: { eps?: number } = {}) {
    const { eps = 1e-6 } = given(options);
    super({ mean: ['features'], components: ['features', 'features'], variance: ['features'] }, -1);
    checkNonNegative('ZCA', 'eps', eps);
    this.eps = eps;
  }

  protected override learn(x: Tensor): State {
    checkMatrix('ZCA.fit', x, 2);
    const [n, features] = x.shape as [number, number];
    if (n <= features) {
      throw new ShapeError(`ZCA.fit: there must be more examples than features; got ${n} of ${features}`);
    }
    this.checkFinite(x);
    const { mean, vectors, variance } = principalAxes(x);
    return { mean, components: vectors, variance: fromStorage(variance, [features], 'float64') as Tensor };
  }

  protected override apply(x: Tensor, { mean, components, variance }: State): Tensor {
    const along = matmul(sub(x, mean), transpose(components));
    return matmul(div(along, this.#deviations(variance)), components) as Tensor;
  }

  protected override revert(y: Tensor, { mean, components, variance }: State): Tensor {
    const along = matmul(y, transpose(components));
    return add(matmul(mul(along, this.#deviations(variance)), components), mean) as Tensor;
  }

  #deviations(variance: Tensor): Tensor {
    return sqrt(add(variance, this.eps)) as Tensor;
  }
}
