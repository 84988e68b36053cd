import { checkPositive, checkWhole } from '../../core/check.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { add } from '../../ops/elementwise/add.js';
import { reciprocal } from '../../ops/elementwise/reciprocal.js';
import { batchNorm } from '../../ops/normalisation/batch_norm.js';
import { fill } from '../../tensor/create.js';
import { noGrad } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ones, zeros } from '../init/init.js';
import { Layer } from '../layer.js';
import { buffer, newParameter, type ParameterOptions } from '../parameter.js';
import type { FloatRule, ImageRule, SameShape, ShapeRule } from '../shape_rule.js';

export interface BatchNormLayerOptions extends Pick<ParameterOptions, 'dtype'> {
  /** Added to the variance; > 0; default 1e-5. */
  eps?: number;
  /** Share of a batch in the new running statistics, within 0 … 1; null takes the mean of all batches; default 0.1. */
  momentum?: number | null;
  /** Scale and shift each channel by a weight and a bias; default true. */
  affine?: boolean;
  /** Keep running statistics for evaluation; without, the batch's own are used there too; default true. */
  trackRunningStats?: boolean;
}

/** What normalising channels has in common, whatever the axes behind them. */
abstract class BatchNorm<C extends number, R extends ShapeRule> extends Layer<R> {
  /** How many axes x may have. */
  protected abstract get ranks(): readonly number[];

  readonly weight: Tensor<[C]> | null;
  readonly bias: Tensor<[C]> | null;
  readonly runningMean: Tensor<[C]> | null;
  readonly runningVar: Tensor<[C]> | null;
  readonly numBatchesTracked: Tensor<[], 'int32'> | null;
  readonly eps: number;
  readonly momentum: number | null;

  /**
   * @param numFeatures  C, the number of channels; ≥ 1
   * @throws ValueError "BatchNorm2d: numFeatures must be a whole number ≥ 1; got 0"
   */
  constructor(
    readonly numFeatures: C,
    options: BatchNormLayerOptions = {},
  ) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true, dtype = 'float32' } = options;
    const name = this.constructor.name;
    checkWhole(name, 'numFeatures', numFeatures, 1);
    checkPositive(name, 'eps', eps);
    if (momentum !== null && !(momentum >= 0 && momentum <= 1)) {
      throw new ValueError(
        `${name}: momentum must be within 0 … 1, or null for the mean of all batches; got ${momentum}`,
      );
    }
    this.eps = eps;
    this.momentum = momentum;
    const size: [C] = [numFeatures];
    const scalar: [] = [];
    this.weight = affine ? newParameter(size, ones, options) : null;
    this.bias = affine ? newParameter(size, zeros, options) : null;
    this.runningMean = trackRunningStats ? buffer(fill(size, 0, dtype)) : null;
    this.runningVar = trackRunningStats ? buffer(fill(size, 1, dtype)) : null;
    this.numBatchesTracked = trackRunningStats ? buffer(fill(scalar, 0, 'int32')) : null;
  }

  protected override compute(x: Tensor): Tensor {
    const { ranks, weight, bias, runningMean, runningVar, eps } = this;
    if (!ranks.includes(x.rank) || x.shape[1] !== this.numFeatures) {
      throw new ShapeError(
        `${this.constructor.name}: x must have ${ranks.join(' or ')} axes, the second of size ${this.numFeatures}; got ${show(x.shape)}`,
      );
    }
    if (!this.training) return batchNorm(x, runningMean, runningVar, { weight, bias, eps });
    const momentum = this.momentum ?? shareOfBatch(this.numBatchesTracked);
    const y = batchNorm(x, runningMean, runningVar, { weight, bias, eps, training: true, momentum });
    noGrad(() => this.numBatchesTracked?.assign(this.numBatchesTracked.add(1)));
    return y;
  }
}

/** The weight of a batch in the mean over all batches so far. */
function shareOfBatch(before: Tensor | null): Tensor<[]> | number {
  return before === null ? 1 : reciprocal(add(before.to('float64'), 1));
}

/**
 * Normalises each channel over batch and positions: [N, C] or [N, C, L]; see the op `batchNorm`. weight [C] starts at 1,
 * bias [C] at 0.
 */
export class BatchNorm1d<const C extends number = any> extends BatchNorm<C, SameShape> {
  protected override get ranks(): readonly number[] {
    return [2, 3];
  }
}

/**
 * Normalises each channel of images over batch, height and width: [N, C, H, W]; see the op `batchNorm`. weight [C] starts at
 * 1, bias [C] at 0.
 */
export class BatchNorm2d<const C extends number = any> extends BatchNorm<C, ImageRule<C, 'same'> & FloatRule> {
  protected override get ranks(): readonly number[] {
    return [4];
  }
}

/**
 * Normalises each channel of volumes over batch, depth, height and width: [N, C, D, H, W]; see the op `batchNorm`. weight [C]
 * starts at 1, bias [C] at 0.
 */
export class BatchNorm3d<const C extends number = any> extends BatchNorm<C, SameShape> {
  protected override get ranks(): readonly number[] {
    return [5];
  }
}
