import { checkWhole } from '../core/check.js';
import type { DType, FloatDType } from '../core/dtype.js';
import type { Generator } from '../core/random.js';
import type { Checked, Result, Shape } from '../core/types.js';
import type { Floating, Promoted } from '../ops/elementwise/elementwise.js';
import { type LinearShape, linear } from '../ops/linalg/linear.js';
import { empty } from '../tensor/create.js';
import type { Tensor } from '../tensor/tensor.js';
import { kaimingUniform, uniform } from './init/init.js';
import { Module } from './module.js';
import { parameter } from './parameter.js';
import type { ShapeRule, shapeRule } from './shape_rule.js';

interface LinearRule<In extends number, Out extends number> extends ShapeRule {
  readonly output: this['input'] extends infer S extends Shape ? LinearShape<S, In, Out> : never;
}

export interface LinearOptions {
  /** Add a bias; default true. */
  bias?: boolean;
  /** Of the parameters; default 'float32'. */
  dtype?: FloatDType;
  /** Where the initial values come from; default: the one that `seed` restarts. */
  generator?: Generator;
}

/**
 * Affine map of the last axis: y = x · weightᵀ + bias. [..., in] → [..., out].
 *
 * weight [out, in] and bias [out] start uniform in ±1 / √in.
 */
export class Linear<const In extends number = any, const Out extends number = any> extends Module {
  declare readonly [shapeRule]?: LinearRule<In, Out>;
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
    { bias = true, dtype = 'float32', ...options }: LinearOptions = {},
  ) {
    super();
    checkWhole('Linear', 'inFeatures', inFeatures, 0);
    checkWhole('Linear', 'outFeatures', outFeatures, 0);
    this.weight = parameter(kaimingUniform(empty([outFeatures, inFeatures], dtype), { a: Math.sqrt(5), ...options }));
    const bound = inFeatures === 0 ? 0 : 1 / Math.sqrt(inFeatures);
    const size: [Out] = [outFeatures];
    this.bias = bias ? parameter(uniform(empty(size, dtype), -bound, bound, options)) : null;
  }

  forward<S extends Shape, D extends DType>(
    x: Tensor<S, D> & Checked<LinearShape<S, In, Out>>,
  ): Tensor<Result<LinearShape<S, In, Out>>, Floating<Promoted<D, 'float32'>>> {
    return linear(x, this.weight, this.bias ?? undefined);
  }

  protected override extra(): string {
    return `inFeatures=${this.inFeatures}, outFeatures=${this.outFeatures}, bias=${this.bias !== null}`;
  }
}
