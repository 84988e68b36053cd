import { checkPositive, checkWhole } from '../../core/check.js';
import type { DType, FloatDType } from '../../core/dtype.js';
import { show } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import type { Floating } from '../../ops/elementwise/elementwise.js';
import { layerNorm } from '../../ops/normalisation/layer_norm.js';
import { fill } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import { parameter } from '../parameter.js';
import type { SameShape, shapeRule } from '../shape_rule.js';

export interface LayerNormOptions {
  /** Added to the variance; > 0; default 1e-5. */
  eps?: number;
  /** Scale each element by a weight and shift it by a bias; default true. */
  elementwiseAffine?: boolean;
  /** Have the bias beside the weight; default true. */
  bias?: boolean;
  /** Of the parameters; default 'float32'. */
  dtype?: FloatDType;
}

/**
 * Normalises the last axes; see the op `layerNorm`. [..., ...normalizedShape] → the same.
 *
 * weight and bias, of normalizedShape, start at 1 and 0.
 */
export class LayerNorm extends Module {
  declare readonly [shapeRule]?: SameShape;
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  readonly weight: Tensor | null;
  readonly bias: Tensor | null;

  /** @param normalizedShape  the sizes of the last axes, or of the last one */
  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    super();
    const { eps = 1e-5, elementwiseAffine = true, bias = true, dtype = 'float32' } = options;
    this.normalizedShape = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
    checkWhole('LayerNorm', 'the number of axes in normalizedShape', this.normalizedShape.length, 1);
    for (const size of this.normalizedShape) checkWhole('LayerNorm', 'normalizedShape', size, 1);
    checkPositive('LayerNorm', 'eps', eps);
    this.eps = eps;
    this.weight = elementwiseAffine ? parameter(fill(this.normalizedShape, 1, dtype)) : null;
    this.bias = elementwiseAffine && bias ? parameter(fill(this.normalizedShape, 0, dtype)) : null;
  }

  forward<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, Floating<D>> {
    const { weight, bias, eps } = this;
    return layerNorm(x, this.normalizedShape, { weight, bias, eps });
  }

  protected override extra(): string {
    return `${show(this.normalizedShape)}, eps=${this.eps}, elementwiseAffine=${this.weight !== null}`;
  }
}
