import { melu } from '../../ops/activation/melu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Hats } from './hats.js';

/**
 * Mexican ReLU: a PReLU and fixed hats whose heights are learned for each channel; see the op `melu`. [N, C, ...] → the same.
 *
 * weight [numChannels, k] starts at 0, as ReLU: it can take the place of one in a trained network.
 *
 * @source Maguolo, Nanni, Ghidoni 2019, arXiv:1905.02473, section 3
 */
export class MeLU extends Hats {
  protected override compute(x: Tensor): Tensor {
    return melu(x, this.weight, this);
  }
}
