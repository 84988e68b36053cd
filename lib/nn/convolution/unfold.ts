import { fold, type UnfoldOptions, unfold } from '../../ops/convolution/unfold.js';
import type { PerAxis, Rank } from '../../ops/convolution/window.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameDType } from '../shape_rule.js';

interface UnfoldRule extends SameDType {
  readonly output: [number, number, number];
}

/** The windows of images, sequences or volumes as columns; see the op `unfold`. [N, C, H, W] → [N, C · KH · KW, OH · OW]. */
export class Unfold extends Layer<UnfoldRule> {
  constructor(
    readonly kernelSize: PerAxis<Rank>,
    readonly options: UnfoldOptions = {},
  ) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return unfold(x, this.kernelSize, this.options);
  }
}

interface FoldRule extends SameDType {
  readonly output: any;
}

/** Columns back in their places, added where they overlap; see the op `fold`. [N, C · KH · KW, OH · OW] → [N, C, H, W]. */
export class Fold extends Layer<FoldRule> {
  constructor(
    readonly outputSize: readonly number[],
    readonly kernelSize: PerAxis<Rank>,
    readonly options: UnfoldOptions = {},
  ) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return fold(x as Tensor<[number, number, number]>, this.outputSize, this.kernelSize, this.options);
  }
}
