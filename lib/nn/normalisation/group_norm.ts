import { checkPositive, checkWhole } from '../../core/check.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { groupNorm } from '../../ops/normalisation/group_norm.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ones, zeros } from '../init/init.js';
import { Layer } from '../layer.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import type { SameShape } from '../shape_rule.js';

export interface GroupNormLayerOptions extends Pick<ParameterOptions, 'dtype'> {
  /** Added to the variance; > 0; default 1e-5. */
  eps?: number;
  /** Scale and shift each channel by a weight and a bias; default true. */
  affine?: boolean;
}

/**
 * Normalises groups of channels of every sample; see the op `groupNorm`. [N, C, ...] → the same. It does the same in
 * training and in evaluation.
 *
 * weight and bias, [C], start at 1 and 0.
 */
export class GroupNorm extends Layer<SameShape> {
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  readonly weight: Tensor<[number]> | null;
  readonly bias: Tensor<[number]> | null;

  /** @param numGroups  divides numChannels */
  constructor(numGroups: number, numChannels: number, options: GroupNormLayerOptions = {}) {
    super();
    const { eps = 1e-5, affine = true } = options;
    checkWhole('GroupNorm', 'numGroups', numGroups, 1);
    checkWhole('GroupNorm', 'numChannels', numChannels, 1);
    if (numChannels % numGroups !== 0) {
      throw new ValueError(`GroupNorm: numGroups must divide numChannels; got ${numGroups} groups of ${numChannels}`);
    }
    checkPositive('GroupNorm', 'eps', eps);
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.weight = affine ? newParameter([numChannels], ones, options) : null;
    this.bias = affine ? newParameter([numChannels], zeros, options) : null;
  }

  protected override compute(x: Tensor): Tensor {
    const { numGroups, numChannels, weight, bias, eps } = this;
    if (x.rank < 2 || x.shape[1] !== numChannels) {
      throw new ShapeError(
        `GroupNorm: x must have at least 2 axes, the second of size ${numChannels}; got ${show(x.shape)}`,
      );
    }
    return groupNorm(x, numGroups, { weight, bias, eps });
  }
}
