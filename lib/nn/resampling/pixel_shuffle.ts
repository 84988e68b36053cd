import { checkWhole } from '../../core/check.js';
import { pixelShuffle, pixelUnshuffle } from '../../ops/resampling/pixel_shuffle.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { ImageRule, SameDType } from '../shape_rule.js';

/** Layers that change places of channels and pixels. */
abstract class Shuffling extends Layer<ImageRule<number, number> & SameDType> {
  readonly #shuffle: typeof pixelShuffle;

  constructor(
    shuffle: typeof pixelShuffle,
    readonly factor: number,
  ) {
    super();
    checkWhole(this.constructor.name, 'factor', factor, 1);
    this.#shuffle = shuffle;
  }

  protected override compute(x: Tensor): Tensor {
    return this.#shuffle(x as Tensor<[number, number, number, number]>, this.factor);
  }
}

/** Channels become pixels; see the op `pixelShuffle`. [N, C · r², H, W] → [N, C, H · r, W · r]. */
export class PixelShuffle extends Shuffling {
  /** @param factor  r ≥ 1 */
  constructor(factor: number) {
    super(pixelShuffle, factor);
  }
}

/** Pixels become channels; see the op `pixelUnshuffle`. [N, C, H · r, W · r] → [N, C · r², H, W]. */
export class PixelUnshuffle extends Shuffling {
  /** @param factor  r ≥ 1 */
  constructor(factor: number) {
    super(pixelUnshuffle, factor);
  }
}
