import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { softmax } from '../../ops/activation/softmax.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** `softmax` over the channels at each position of an image: [N, C, H, W] or [C, H, W] → the same. */
export class Softmax2d extends Layer<SameShape> {
  protected override compute(x: Tensor): Tensor {
    if (x.rank !== 3 && x.rank !== 4) {
      throw new ShapeError(`Softmax2d: x must have the axes [N, C, H, W] or [C, H, W]; got ${show(x.shape)}`);
    }
    return softmax(x, -3);
  }
}
