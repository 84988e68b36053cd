import { hardtanh } from '../../ops/activation/hardtanh.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameTensor } from '../shape_rule.js';

/** x within minVal … maxVal, else the nearer bound; see the op `hardtanh`. [...] → [...]. */
export class Hardtanh extends Layer<SameTensor> {
  /**
   * @param minVal  default −1
   * @param maxVal  > minVal; default 1
   */
  constructor(
    readonly minVal = -1,
    readonly maxVal = 1,
  ) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return hardtanh(x, { min: this.minVal, max: this.maxVal });
  }
}
