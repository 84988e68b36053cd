import { checkWhole } from '../core/check.js';
import type { Shape } from '../core/types.js';
import { type LinearShape, linear } from '../ops/linalg/linear.js';
import type { Tensor } from '../tensor/tensor.js';
import { fanInUniform, type Initializer } from './init/init.js';
import { Layer } from './layer.js';
import { newParameter, type ParameterOptions } from './parameter.js';
import type { WeightedRule } from './shape_rule.js';

interface LinearRule<In extends number, Out extends number> extends WeightedRule {
  readonly output: this['input'] extends infer S extends Shape ? LinearShape<S, In, Out> : never;
}

export interface LinearOptions extends ParameterOptions {
  /** Add a bias; default true. */
  bias?: boolean;
}

/**
 * Affine map of the last axis: y = x · weightᵀ + bias. [..., in] → [..., out].
 *
 * weight [out, in] and bias [out] start uniform in ±1 / √in.
 */
export class Linear<const In extends number = any, const Out extends number = any> extends Layer<LinearRule<In, Out>> {
  readonly weight: Tensor<[Out, In]>;
  readonly bias: Tensor<[Out]> | null;

  /**
   * @param inFeatures   whole, ≥ 0
   * @param outFeatures  whole, ≥ 0
   * @throws ValueError "Linear: inFeatures must be a whole number ≥ 0; got -1"
   */
  constructor(
    readonly inFeatures: In,
    readonly outFeatures: Out,
    { bias = true, ...options }: LinearOptions = {},
  ) {
    super();
    checkWhole('Linear', 'inFeatures', inFeatures, 0);
    checkWhole('Linear', 'outFeatures', outFeatures, 0);
    const initialise: Initializer = (tensor, options) => fanInUniform(tensor, { fanIn: inFeatures, ...options });
    this.weight = newParameter([outFeatures, inFeatures], initialise, options);
    this.bias = bias ? newParameter([outFeatures], initialise, options) : null;
  }

  protected override compute(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias ?? undefined);
  }
}
