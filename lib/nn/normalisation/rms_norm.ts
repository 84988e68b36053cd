import { checkArray, checkPositive, checkWhole } from '../../core/check.js';
import { rmsNorm } from '../../ops/normalisation/rms_norm.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ones } from '../init/init.js';
import { Layer } from '../layer.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import type { SameShape } from '../shape_rule.js';

export interface RmsNormLayerOptions extends Pick<ParameterOptions, 'dtype'> {
  /** Added to the mean square; > 0; default the spacing of numbers at 1. */
  eps?: number | undefined;
  /** Scale each element by a weight; default true. */
  elementwiseAffine?: boolean;
}

/**
 * Scales the last axes to a root mean square of 1; see the op `rmsNorm`. [..., ...normalizedShape] → the same.
 *
 * weight, of normalizedShape, starts at 1.
 */
export class RMSNorm extends Layer<SameShape> {
  readonly normalizedShape: readonly number[];
  readonly eps: number | undefined;
  readonly weight: Tensor | null;

  /** @param normalizedShape  the sizes of the last axes, or of the last one */
  constructor(
    normalizedShape: number | readonly number[],
    { eps, elementwiseAffine = true, ...options }: RmsNormLayerOptions = {},
  ) {
    super();
    this.normalizedShape = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
    checkArray('RMSNorm', 'normalizedShape', this.normalizedShape);
    checkWhole('RMSNorm', 'the number of axes in normalizedShape', this.normalizedShape.length, 1);
    for (const size of this.normalizedShape) checkWhole('RMSNorm', 'normalizedShape', size, 1);
    if (eps !== undefined) checkPositive('RMSNorm', 'eps', eps);
    this.eps = eps;
    this.weight = elementwiseAffine ? newParameter(this.normalizedShape, ones, options) : null;
  }

  protected override compute(x: Tensor): Tensor {
    return rmsNorm(x, this.normalizedShape, this);
  }
}
