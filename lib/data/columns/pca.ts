import { given } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { add } from '../../ops/elementwise/add.js';
import { clamp } from '../../ops/elementwise/clamp.js';
import { div } from '../../ops/elementwise/div.js';
import { mul } from '../../ops/elementwise/mul.js';
import { sqrt } from '../../ops/elementwise/sqrt.js';
import { sub } from '../../ops/elementwise/sub.js';
import { eigh } from '../../ops/linalg/eigh.js';
import { matmul } from '../../ops/linalg/matmul.js';
import { svd } from '../../ops/linalg/svd.js';
import { mean } from '../../ops/reduction/mean.js';
import { contiguous } from '../../ops/shape/contiguous.js';
import { flip } from '../../ops/shape/flip.js';
import { transpose } from '../../ops/shape/permute.js';
import { slice } from '../../ops/shape/slice.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkMatrix, FeatureTransform } from './transform.js';

export interface PCAOptions {
  /**
   * How many components to keep: a whole number from 1 to min(n, features), or a share within (0, 1) of the variance that
   * they must explain more than; default all.
   */
  components?: number;
  /** Divide each component by its standard deviation, so that their covariance becomes the identity; default false. */
  whiten?: boolean;
}

type State = Record<'mean' | 'components' | 'variance' | 'total', Tensor>;

/**
 * Principal component analysis: the directions v in which the training examples vary most, and how far each example lies
 * along them.
 *
 *   y = (x − mean) Vᵀ, with whiten / √λ;     λ: the variances (by n − 1), eigenvalues of the covariance matrix, descending
 *
 *     const pca = new PCA({ components: 0.95 }).fit(x);
 *     pca.transform(x);                      // [n, k]
 *     pca.inverse(pca.transform(x));         // the nearest examples that k components can describe
 *
 * Of each direction the first of the largest entries is positive.
 *
 * @throws ValueError "PCA.fit: components must be at most min(n, features) = 4; got 5"
 * @source Pearson 1901, "On lines and planes of closest fit to systems of points in space"; whitening: lecture notes 004,
 *   lines 2590–2594; signs and shares as scikit-learn's PCA
 */
export class PCA extends FeatureTransform<keyof State> {
  readonly components: number | undefined;
  readonly whiten: boolean;

  constructor(options: PCAOptions = {}) {
    const { components, whiten = false } = given(options);
    super({ mean: ['features'], components: ['components', 'features'], variance: ['components'], total: [] }, -1);
    if (components !== undefined && !(components > 0 && (components < 1 || Number.isInteger(components)))) {
      throw new ValueError(
        `PCA: components must be a whole number ≥ 1 or a share within (0, 1); got ${String(components)}`,
      );
    }
    this.components = components;
    this.whiten = whiten;
  }

  /** [k]: the variance along each component. */
  get explainedVariance(): Float64Array {
    return this.stateDict().variance.data().slice();
  }

  /** [k]: the share of the whole variance along each component. */
  get explainedVarianceRatio(): Float64Array {
    const { variance, total } = this.stateDict();
    return variance.data().map((value: number) => value / total.item());
  }

  protected override learn(x: Tensor): State {
    checkMatrix('PCA.fit', x, 2);
    this.checkFinite(x);
    const axes = principalAxes(x);
    const { length } = axes.variance;
    const total = axes.variance.reduce((a, b) => a + b, 0);
    const { components = length } = this;
    if (components > length) {
      throw new ValueError(`PCA.fit: components must be at most min(n, features) = ${length}; got ${components}`);
    }
    const kept = components < 1 ? explaining(axes.variance, components * total) : components;
    return {
      mean: axes.mean,
      components: contiguous(slice(axes.vectors, [0, kept])) as Tensor,
      variance: fromStorage(axes.variance.slice(0, kept), [kept], 'float64') as Tensor,
      total: fromStorage(Float64Array.of(total), [], 'float64') as Tensor,
    };
  }

  protected override apply(x: Tensor, { mean, components, variance }: State): Tensor {
    const y = matmul(sub(x, mean), transpose(components)) as Tensor;
    return this.whiten ? (div(y, deviations(variance)) as Tensor) : y;
  }

  protected override revert(y: Tensor, { mean, components, variance }: State): Tensor {
    const scaled = this.whiten ? mul(y, deviations(variance)) : y;
    return add(matmul(scaled, components), mean) as Tensor;
  }
}

/** √λ, not below the rounding of 1: directions without variance are not blown up without bound. */
const deviations = (variance: Tensor): Tensor => clamp(sqrt(variance), { min: Number.EPSILON }) as Tensor;

/** How many of descending values are needed for a sum above `wanted`. */
function explaining(values: Float64Array, wanted: number): number {
  let sum = 0;
  const enough = values.findIndex((value) => {
    sum += value;
    return sum > wanted;
  });
  return enough < 0 ? values.length : enough + 1;
}

export interface Axes {
  mean: Tensor;
  /** [k, features]: unit vectors in rows; k = min(n, features). */
  vectors: Tensor;
  /** By n − 1, descending. */
  variance: Float64Array;
}

/**
 * By the covariance matrix where there are many more examples than features, else by the examples themselves, which keeps
 * variances below 10⁻¹⁶ of the largest.
 */
export function principalAxes(x: Tensor): Axes {
  const [n, features] = x.shape as [number, number];
  const means = mean(x, 0) as Tensor;
  const centred = sub(x, means) as Tensor;
  if (n >= 10 * features) {
    const { values, vectors } = eigh(div(matmul(transpose(centred), centred), n - 1) as Tensor);
    // Ascending; rounding leaves some just below 0.
    const variance = values.data().map((value: number) => Math.max(value, 0)) as Float64Array;
    return { mean: means, vectors: signed(flip(transpose(vectors), 0) as Tensor), variance: variance.reverse() };
  }
  const { s, vh } = svd(centred, { fullMatrices: false });
  return { mean: means, vectors: signed(vh), variance: s.data().map((value: number) => value ** 2 / (n - 1)) };
}

/** Rows turned so that the first of the largest entries of each is positive. */
function signed(vectors: Tensor): Tensor {
  const [rows, columns] = vectors.shape as [number, number];
  const values: Float64Array = contiguous(vectors).data().slice();
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * columns, (row + 1) * columns);
    const largest = own.reduce((best, value, i) => (Math.abs(value) > Math.abs(own[best]) ? i : best), 0);
    if (own[largest] < 0) for (let i = 0; i < columns; i++) own[i] = -own[i];
  }
  return fromStorage(values, [rows, columns], 'float64') as Tensor;
}
