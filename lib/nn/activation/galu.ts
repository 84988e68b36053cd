import { galu } from '../../ops/activation/galu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Hats } from './hats.js';

/**
 * Gaussian ReLU: a PReLU and fixed waves whose heights are learned for each channel; see the op `galu`. [N, C, ...] → the same.
 *
 * weight [numChannels, k] starts at 0, as ReLU: it can take the place of one in a trained network.
 *
 * @source Nanni, Maguolo, Brahnam, Paci 2021, arXiv:2103.15898, section 2
 */
export class GaLU extends Hats {
  protected override compute(x: Tensor): Tensor {
    return galu(x, this.weight, this);
  }
}
