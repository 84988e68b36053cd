import { checkWhole, given } from '../../core/check.js';
import { type DType, type Floating, promoteToFloat } from '../../core/dtype.js';
import { FormatError, ShapeError, StateError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { onesLike } from '../../ops/creation/zeros_like.js';
import { mul } from '../../ops/elementwise/mul.js';
import { indexSelect } from '../../ops/indexing/index_select.js';
import { concat } from '../../ops/shape/concat.js';
import { slice } from '../../ops/shape/slice.js';
import { to } from '../../ops/shape/to.js';
import { tensor } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type ColumnTransform, checkMatrix } from './transform.js';

export interface PolynomialFeaturesOptions {
  /** The highest degree of a product; whole, ≥ 1; default 2. */
  degree?: number;
  /** Leave out products in which a feature comes twice; default false. */
  interactionOnly?: boolean;
  /** Begin with a column of ones; default true. */
  bias?: boolean;
}

/**
 * All products of features up to a degree, the columns of a design matrix: of a and b with degree 2
 *
 *   1, a, b, a², ab, b²
 *
 * ordered by degree, then by the features' positions; C(features + degree, degree) of them. `inverse` gives the features.
 *
 * @source lecture notes 003, polynomial design matrix (degree 3 of two variables: 10 columns); order as scikit-learn's
 *   PolynomialFeatures
 */
export class PolynomialFeatures implements ColumnTransform<Tensor, Tensor> {
  readonly takes = 'features';
  readonly degree: number;
  readonly interactionOnly: boolean;
  readonly bias: boolean;
  #features = 0;

  constructor(options: PolynomialFeaturesOptions = {}) {
    const { degree = 2, interactionOnly = false, bias = true } = given(options);
    checkWhole('PolynomialFeatures', 'degree', degree, 1);
    this.degree = degree;
    this.interactionOnly = interactionOnly;
    this.bias = bias;
  }

  /** Notes how many features there are: x [n, features]. */
  fit(x: Tensor): this {
    checkMatrix('PolynomialFeatures.fit', x, 0);
    this.#features = x.shape[1];
    return this;
  }

  /** The exponent of every feature in each column: [0, 0], [1, 0], [0, 1], [2, 0], … */
  get exponents(): number[][] {
    const features = this.#fitted('exponents');
    const none = new Array<number>(features).fill(0);
    const raised = (exponents: readonly number[], at: number): number[] =>
      exponents.map((exponent, i) => (i === at ? exponent + 1 : exponent));
    let block = none.map((_, i) => raised(none, i));
    const all = this.bias ? [none, ...block] : block;
    for (const { first, rest } of this.#products(features)) {
      const below = block;
      block = first.map((feature, i) => raised(below[rest[i]], feature));
      all.push(...block);
    }
    return all;
  }

  /** x [n, features]; result [n, columns]. */
  transform<D extends DType>(x: Tensor<any, D>): Tensor<[number, number], Floating<D>> {
    const features = this.#fitted('transform');
    checkMatrix('PolynomialFeatures.transform', x, 0);
    if (x.shape[1] !== features) {
      throw new ShapeError(
        `PolynomialFeatures.transform: x must have ${features} features, as it was fitted; got shape ${show(x.shape)}`,
      );
    }
    const columns = to(x, promoteToFloat(x.dtype)) as Tensor;
    let block = columns;
    const blocks = this.bias ? [onesLike(slice(columns, null, [0, 1])) as Tensor, block] : [block];
    for (const { first, rest } of this.#products(features)) {
      const below = indexSelect(block, 1, tensor(Int32Array.from(rest)));
      block = mul(indexSelect(columns, 1, tensor(Int32Array.from(first))), below) as Tensor;
      blocks.push(block);
    }
    return concat(blocks, 1) as Tensor<any, any>;
  }

  /** `fit` and `transform`. */
  fitTransform<D extends DType>(x: Tensor<any, D>): Tensor<[number, number], Floating<D>> {
    return this.fit(x).transform(x);
  }

  inverse<D extends DType>(y: Tensor<any, D>): Tensor<[number, number], D> {
    const begin = this.bias ? 1 : 0;
    return slice(y, null, [begin, begin + this.#fitted('inverse')]) as Tensor<any, D>;
  }

  stateDict(): { features: number } {
    return { features: this.#fitted('stateDict') };
  }

  loadStateDict({ features }: { features: number }): void {
    checkWhole('PolynomialFeatures.loadStateDict', 'features', features, 1, FormatError);
    this.#features = features;
  }

  /**
   * For degrees 2, 3, …: each column as the product of a feature and a column of the degree below. With feature i go those
   * that begin with i or, without repetition, with a later one.
   */
  #products(features: number): { first: number[]; rest: number[] }[] {
    const degrees: { first: number[]; rest: number[] }[] = [];
    let below = Array.from({ length: features }, (_, i) => i);
    for (let degree = 2; degree <= this.degree; degree++) {
      const first: number[] = [];
      const rest: number[] = [];
      for (let i = 0; i < features; i++) {
        below.forEach((feature, at) => {
          if (feature < i || (feature === i && this.interactionOnly)) return;
          first.push(i);
          rest.push(at);
        });
      }
      degrees.push({ first, rest });
      below = first;
    }
    return degrees;
  }

  #fitted(method: string): number {
    if (this.#features === 0) {
      throw new StateError(`PolynomialFeatures.${method}: there is nothing learnt yet; call fit, or loadStateDict`);
    }
    return this.#features;
  }
}
