import { checkPositive, checkWhole } from '../../core/check.js';
import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { groupNorm } from '../../ops/normalisation/group_norm.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ones, zeros } from '../init/init.js';
import { Layer } from '../layer.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import type { SameShape } from '../shape_rule.js';

export interface InstanceNormOptions extends Pick<ParameterOptions, 'dtype'> {
  /** Added to the variance; > 0; default 1e-5. */
  eps?: number;
  /** Scale and shift each channel by a weight and a bias; default false. */
  affine?: boolean;
}

/**
 * Normalises each channel of each sample over its positions, in training and in evaluation: `groupNorm` with as many groups
 * as channels. weight and bias, [C], start at 1 and 0. A channel of one position becomes 0, where PyTorch's layer refuses it.
 *
 * @source Ulyanov, Vedaldi, Lempitsky 2016, arXiv:1607.08022, equation 4
 */
abstract class InstanceNorm extends Layer<SameShape> {
  /** How many axes the positions have. */
  protected abstract get axes(): number;
  readonly eps: number;
  readonly weight: Tensor<[number]> | null;
  readonly bias: Tensor<[number]> | null;

  /**
   * @param numFeatures  C, the number of channels; ≥ 1
   * @throws ValueError "InstanceNorm2d: numFeatures must be a whole number ≥ 1; got 0"
   */
  constructor(
    readonly numFeatures: number,
    { eps = 1e-5, affine = false, ...options }: InstanceNormOptions = {},
  ) {
    super();
    const name = this.constructor.name;
    checkWhole(name, 'numFeatures', numFeatures, 1);
    checkPositive(name, 'eps', eps);
    this.eps = eps;
    this.weight = affine ? newParameter([numFeatures], ones, options) : null;
    this.bias = affine ? newParameter([numFeatures], zeros, options) : null;
  }

  protected override compute(x: Tensor): Tensor {
    const { axes, numFeatures, constructor } = this;
    const single = x.rank === axes + 1;
    if ((!single && x.rank !== axes + 2) || x.shape[single ? 0 : 1] !== numFeatures) {
      throw new ShapeError(
        `${constructor.name}: x must have ${numFeatures} channels and ${axes} axes of positions behind them; got ${show(x.shape)}`,
      );
    }
    const y = groupNorm(single ? x.unsqueeze(0) : x, numFeatures, this);
    return single ? y.squeeze(0) : y;
  }
}

/** Instance normalisation of sequences: [N, C, L] or [C, L] → the same. */
export class InstanceNorm1d extends InstanceNorm {
  protected override get axes(): number {
    return 1;
  }
}

/** Instance normalisation of images: [N, C, H, W] or [C, H, W] → the same. */
export class InstanceNorm2d extends InstanceNorm {
  protected override get axes(): number {
    return 2;
  }
}

/** Instance normalisation of volumes: [N, C, D, H, W] or [C, D, H, W] → the same. */
export class InstanceNorm3d extends InstanceNorm {
  protected override get axes(): number {
    return 3;
  }
}
