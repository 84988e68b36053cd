import { checkPositive, checkWhole } from '../../core/check.js';
import type { HatOptions } from '../../ops/activation/hats.js';
import type { Tensor } from '../../tensor/tensor.js';
import { zeros } from '../init/init.js';
import { Layer } from '../layer.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import type { WeightedShape } from '../shape_rule.js';

/** Of MeLU and GaLU. */
export interface HatLayerOptions extends HatOptions, Pick<ParameterOptions, 'dtype'> {
  /** Learned numbers of a channel: the PReLU's slope and k − 1 heights; ≥ 1; default 4. */
  k?: number;
}

/** What MeLU and GaLU share: a PReLU and fixed bumps whose heights are learned for each channel. */
export abstract class Hats extends Layer<WeightedShape> {
  readonly weight: Tensor<[number, number]>;
  readonly maxInput: number;

  /** @param numChannels  whole, ≥ 1 */
  constructor(
    readonly numChannels: number,
    { k = 4, maxInput = 1, ...options }: HatLayerOptions = {},
  ) {
    super();
    const name = this.constructor.name;
    checkWhole(name, 'numChannels', numChannels, 1);
    checkWhole(name, 'k', k, 1);
    checkPositive(name, 'maxInput', maxInput);
    this.maxInput = maxInput;
    this.weight = newParameter([numChannels, k], zeros, options);
  }
}
