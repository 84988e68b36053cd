import { groupedSoftmax } from '../../ops/activation/grouped_softmax.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** A softmax for each of several groups along an axis; see the op `groupedSoftmax`. [...] → [...]. */
export class GroupedSoftmax extends Layer<SameShape> {
  /**
   * @param sizes  of the groups, or one size
   * @param axis   default −1, the last
   */
  constructor(
    readonly sizes: number | readonly number[],
    readonly axis = -1,
  ) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return groupedSoftmax(x, this.sizes, this.axis);
  }
}
