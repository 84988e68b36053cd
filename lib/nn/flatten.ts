import type { Shape } from '../core/types.js';
import { type Flattened, flatten } from '../ops/shape/flatten.js';
import type { Tensor } from '../tensor/tensor.js';
import { Layer } from './layer.js';
import type { ShapeRule } from './shape_rule.js';

interface FlattenRule<Start extends number, End extends number> extends ShapeRule {
  readonly output: this['input'] extends infer S extends Shape ? Flattened<S, Start, End> : never;
  readonly dtype: this['from'];
}

/** Joins axes into one, by default all but the batch: [N, C, H, W] → [N, C · H · W]. */
export class Flatten<const Start extends number = 1, const End extends number = -1> extends Layer<
  FlattenRule<Start, End>
> {
  /**
   * @param startAxis  the first axis to join; default 1
   * @param endAxis    the last axis to join; default −1
   */
  constructor(
    readonly startAxis: Start = 1 as Start,
    readonly endAxis: End = -1 as End,
  ) {
    super();
  }

  protected override compute(x: Tensor): Tensor {
    return flatten(x, this.startAxis, this.endAxis);
  }
}
