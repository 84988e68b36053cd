import { checkWhole } from '../../core/check.js';
import { maxout } from '../../ops/activation/maxout.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { UnknownShape } from '../shape_rule.js';

/**
 * The largest of every `pieces` neighbours along an axis; see the op `maxout`. [N, pieces · C, ...] → [N, C, ...]. Behind a
 * linear map or a convolution of pieces · C outputs it is the maxout layer.
 */
export class Maxout extends Layer<UnknownShape> {
  /**
   * @param pieces  whole, ≥ 1
   * @param axis    default 1, the channels
   */
  constructor(
    readonly pieces: number,
    readonly axis = 1,
  ) {
    super();
    checkWhole('Maxout', 'pieces', pieces, 1);
  }

  protected override compute(x: Tensor): Tensor {
    return maxout(x, this.pieces, this.axis);
  }
}
