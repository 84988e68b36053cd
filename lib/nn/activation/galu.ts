import { checkPositive, checkWhole } from '../../core/check.js';
import { galu } from '../../ops/activation/galu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { zeros } from '../init/init.js';
import { Layer } from '../layer.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import type { WeightedShape } from '../shape_rule.js';

export interface GaLUOptions extends Pick<ParameterOptions, 'dtype'> {
  /** Learned numbers of a channel: the PReLU's slope and k − 1 heights; ≥ 1; default 4. */
  k?: number;
  /** The largest input that is expected; > 0; default 1. */
  maxInput?: number;
}

/**
 * Gaussian ReLU: a PReLU and fixed waves whose heights are learned for each channel; see the op `galu`.
 * [N, C, ...] → the same.
 *
 * weight [numChannels, k] starts at 0, as ReLU: it can take the place of one in a trained network.
 *
 * @source Nanni, Maguolo, Brahnam, Paci 2021, arXiv:2103.15898, section 2
 */
export class GaLU extends Layer<WeightedShape> {
  readonly weight: Tensor<[number, number]>;
  readonly maxInput: number;

  /** @param numChannels  whole, ≥ 1 */
  constructor(
    readonly numChannels: number,
    { k = 4, maxInput = 1, ...options }: GaLUOptions = {},
  ) {
    super();
    checkWhole('GaLU', 'numChannels', numChannels, 1);
    checkWhole('GaLU', 'k', k, 1);
    checkPositive('GaLU', 'maxInput', maxInput);
    this.maxInput = maxInput;
    this.weight = newParameter([numChannels, k], zeros, options);
  }

  protected override compute(x: Tensor): Tensor {
    return galu(x, this.weight, { maxInput: this.maxInput });
  }
}
