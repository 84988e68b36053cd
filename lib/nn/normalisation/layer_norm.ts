import { checkArray, checkPositive, checkWhole } from '../../core/check.js';
import { layerNorm } from '../../ops/normalisation/layer_norm.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ones, zeros } from '../init/init.js';
import { Layer } from '../layer.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import type { SameShape } from '../shape_rule.js';

export interface LayerNormLayerOptions extends Pick<ParameterOptions, 'dtype'> {
  /** Added to the variance; > 0; default 1e-5. */
  eps?: number;
  /** Scale each element by a weight and shift it by a bias; default true. */
  elementwiseAffine?: boolean;
  /** Have the bias beside the weight; default true. */
  bias?: boolean;
}

/**
 * Normalises the last axes; see the op `layerNorm`. [..., ...normalizedShape] → the same.
 *
 * weight and bias, of normalizedShape, start at 1 and 0.
 */
export class LayerNorm extends Layer<SameShape> {
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  readonly weight: Tensor | null;
  readonly bias: Tensor | null;

  /** @param normalizedShape  the sizes of the last axes, or of the last one */
  constructor(normalizedShape: number | readonly number[], options: LayerNormLayerOptions = {}) {
    super();
    const { eps = 1e-5, elementwiseAffine = true, bias = true } = options;
    this.normalizedShape = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
    checkArray('LayerNorm', 'normalizedShape', this.normalizedShape);
    checkWhole('LayerNorm', 'the number of axes in normalizedShape', this.normalizedShape.length, 1);
    for (const size of this.normalizedShape) checkWhole('LayerNorm', 'normalizedShape', size, 1);
    checkPositive('LayerNorm', 'eps', eps);
    this.eps = eps;
    this.weight = elementwiseAffine ? newParameter(this.normalizedShape, ones, options) : null;
    this.bias = elementwiseAffine && bias ? newParameter(this.normalizedShape, zeros, options) : null;
  }

  protected override compute(x: Tensor): Tensor {
    const { weight, bias, eps } = this;
    return layerNorm(x, this.normalizedShape, { weight, bias, eps });
  }
}
