import { checkPositive, checkWhole } from '../../core/check.js';
import type { DType, FloatDType } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import type { Floating } from '../../ops/elementwise/elementwise.js';
import { groupNorm } from '../../ops/normalisation/group_norm.js';
import { fill } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import { parameter } from '../parameter.js';
import type { SameShape, shapeRule } from '../shape_rule.js';

export interface GroupNormOptions {
  /** Added to the variance; > 0; default 1e-5. */
  eps?: number;
  /** Scale and shift each channel by a weight and a bias; default true. */
  affine?: boolean;
  /** Of the parameters; default 'float32'. */
  dtype?: FloatDType;
}

/**
 * Normalises groups of channels of every sample; see the op `groupNorm`. [N, C, ...] → the same. It does the same in
 * training and in evaluation.
 *
 * weight and bias, [C], start at 1 and 0.
 */
export class GroupNorm extends Module {
  declare readonly [shapeRule]?: SameShape;
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  readonly weight: Tensor<[number]> | null;
  readonly bias: Tensor<[number]> | null;

  /** @param numGroups  divides numChannels */
  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    super();
    const { eps = 1e-5, affine = true, dtype = 'float32' } = options;
    checkWhole('GroupNorm', 'numGroups', numGroups, 1);
    checkWhole('GroupNorm', 'numChannels', numChannels, 1);
    if (numChannels % numGroups !== 0) {
      throw new ValueError(`GroupNorm: numGroups must divide numChannels; got ${numGroups} groups of ${numChannels}`);
    }
    checkPositive('GroupNorm', 'eps', eps);
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    const size: [number] = [numChannels];
    this.weight = affine ? parameter(fill(size, 1, dtype)) : null;
    this.bias = affine ? parameter(fill(size, 0, dtype)) : null;
  }

  forward<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, Floating<D>> {
    const { numGroups, numChannels, weight, bias, eps } = this;
    if (x.rank < 2 || x.shape[1] !== numChannels) {
      throw new ShapeError(
        `GroupNorm: x must have at least 2 axes, the second of size ${numChannels}; got ${show(x.shape)}`,
      );
    }
    return groupNorm(x, numGroups, { weight, bias, eps });
  }

  protected override extra(): string {
    const { numGroups, numChannels, eps, weight } = this;
    return `${numGroups}, ${numChannels}, eps=${eps}, affine=${weight !== null}`;
  }
}
