import { checkPositive, checkWhole } from '../../core/check.js';
import { melu } from '../../ops/activation/melu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { zeros } from '../init/init.js';
import { Layer } from '../layer.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import type { WeightedShape } from '../shape_rule.js';

export interface MeLUOptions extends Pick<ParameterOptions, 'dtype'> {
  /** Learned numbers of a channel: the PReLU's slope and k − 1 heights; ≥ 1; default 4. */
  k?: number;
  /** The largest input that is expected; > 0; default 1. */
  maxInput?: number;
}

/**
 * Mexican ReLU: a PReLU and fixed hats whose heights are learned for each channel; see the op `melu`.
 * [N, C, ...] → the same.
 *
 * weight [numChannels, k] starts at 0, as ReLU: it can take the place of one in a trained network.
 *
 * @source Maguolo, Nanni, Ghidoni 2019, arXiv:1905.02473, section 3
 */
export class MeLU extends Layer<WeightedShape> {
  readonly weight: Tensor<[number, number]>;
  readonly maxInput: number;

  /** @param numChannels  whole, ≥ 1 */
  constructor(
    readonly numChannels: number,
    { k = 4, maxInput = 1, ...options }: MeLUOptions = {},
  ) {
    super();
    checkWhole('MeLU', 'numChannels', numChannels, 1);
    checkWhole('MeLU', 'k', k, 1);
    checkPositive('MeLU', 'maxInput', maxInput);
    this.maxInput = maxInput;
    this.weight = newParameter([numChannels, k], zeros, options);
  }

  protected override compute(x: Tensor): Tensor {
    return melu(x, this.weight, { maxInput: this.maxInput });
  }
}
