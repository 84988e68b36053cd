import { checkWhole } from '../../core/check.js';
import { srelu } from '../../ops/activation/srelu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { constant, zeros } from '../init/init.js';
import { Layer } from '../layer.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import type { WeightedShape } from '../shape_rule.js';

export interface SReLUOptions extends Pick<ParameterOptions, 'dtype'> {
  /** Where the right piece begins at the start; default 1. */
  maxInput?: number;
  /** The slope of the right piece at the start; default 1. */
  slope?: number;
}

/**
 * S-shaped ReLU: three straight pieces that are learned for each channel; see the op `srelu`. [N, C, ...] → the same.
 *
 * tr, ar, tl and al, [numChannels], start at maxInput, 1, 0 and 0: as ReLU.
 *
 * @source Jin, Xu, Feng, Wei, Xiong, Yan 2015, arXiv:1512.07030, section 3
 */
export class SReLU extends Layer<WeightedShape> {
  readonly tr: Tensor<[number]>;
  readonly ar: Tensor<[number]>;
  readonly tl: Tensor<[number]>;
  readonly al: Tensor<[number]>;

  /** @param numChannels  whole, ≥ 1 */
  constructor(
    readonly numChannels: number,
    { maxInput = 1, slope = 1, ...options }: SReLUOptions = {},
  ) {
    super();
    checkWhole('SReLU', 'numChannels', numChannels, 1);
    this.tr = newParameter([numChannels], (tensor) => constant(tensor, maxInput), options);
    this.ar = newParameter([numChannels], (tensor) => constant(tensor, slope), options);
    this.tl = newParameter([numChannels], zeros, options);
    this.al = newParameter([numChannels], zeros, options);
  }

  protected override compute(x: Tensor): Tensor {
    return srelu(x, this);
  }
}
