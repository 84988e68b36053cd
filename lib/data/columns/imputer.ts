import { checkFinite, checkOneOf, given } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { isNaN } from '../../ops/elementwise/is_nan.js';
import { where } from '../../ops/indexing/where.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { FeatureTransform } from './transform.js';

export interface ImputerOptions {
  /** What is filled in: of the feature's training examples the mean or the median, or a constant; default 'mean'. */
  strategy?: 'mean' | 'median' | 'constant';
  /** The constant; finite; default 0. */
  value?: number;
}

/**
 * Fills in missing values, which are NaN. The median of an even number of values is the mean of the two in the middle.
 *
 * `inverse` leaves what it is given: it cannot know what was missing.
 *
 * @source scikit-learn's SimpleImputer
 */
export class Imputer extends FeatureTransform<'fill'> {
  readonly strategy: 'mean' | 'median' | 'constant';
  readonly value: number;

  constructor(options: ImputerOptions = {}) {
    const { strategy = 'mean', value = 0 } = given(options);
    super({ fill: ['features'] }, -1);
    checkOneOf('Imputer', 'strategy', strategy, ['mean', 'median', 'constant']);
    checkFinite('Imputer', 'value', value);
    this.strategy = strategy;
    this.value = value;
  }

  protected override learn(x: Tensor): { fill: Tensor } {
    const features = x.shape[x.rank - 1] as number;
    const values: Float64Array = x.data();
    const fill = Float64Array.from({ length: features }, (_, feature) => {
      if (this.strategy === 'constant') return this.value;
      const known = Float64Array.from(
        { length: values.length / features },
        (_, i) => values[i * features + feature],
      ).filter((value) => !Number.isNaN(value));
      if (known.length === 0) {
        throw new ValueError(
          `Imputer.fit: every feature must have a value; feature ${feature} has none; leave it out, or fill in a constant`,
        );
      }
      return this.strategy === 'mean' ? known.reduce((a, b) => a + b, 0) / known.length : median(known);
    });
    return { fill: fromStorage(fill, [features], 'float64') as Tensor };
  }

  protected override apply(x: Tensor, { fill }: { fill: Tensor }): Tensor {
    return where(isNaN(x), fill, x) as Tensor;
  }

  protected override revert(y: Tensor): Tensor {
    return y;
  }
}

function median(values: Float64Array): number {
  values.sort();
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}
