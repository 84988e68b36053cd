import { checkWhole } from '../../core/check.js';
import { prelu } from '../../ops/activation/prelu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { constant } from '../init/init.js';
import { Layer } from '../layer.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import type { WeightedShape } from '../shape_rule.js';

export interface PReLUOptions extends Pick<ParameterOptions, 'dtype'> {
  /** The slope at the start; default 0.25. With 0 the layer starts as ReLU. */
  init?: number;
}

/**
 * x from 0 on, weight · x below, with a slope that is learned for each channel or for all; see the op `prelu`. [N, C, ...] →
 * the same.
 *
 * weight [numParameters] starts at `init`.
 *
 * @source He, Zhang, Ren, Sun 2015, arXiv:1502.01852, section 2.1
 */
export class PReLU extends Layer<WeightedShape> {
  readonly weight: Tensor<[number]>;

  /**
   * @param numParameters  1 for all channels, or the number of channels; default 1
   * @throws ValueError "PReLU: numParameters must be a whole number ≥ 1; got 0"
   */
  constructor(
    readonly numParameters = 1,
    { init = 0.25, ...options }: PReLUOptions = {},
  ) {
    super();
    checkWhole('PReLU', 'numParameters', numParameters, 1);
    this.weight = newParameter([numParameters], (tensor) => constant(tensor, init), options);
  }

  protected override compute(x: Tensor): Tensor {
    return prelu(x, this.weight);
  }
}
