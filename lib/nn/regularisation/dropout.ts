import { checkFraction } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import type { Generator } from '../../core/random.js';
import type { Shape } from '../../core/types.js';
import type { Floating } from '../../ops/elementwise/elementwise.js';
import { dropout } from '../../ops/random/dropout.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import type { SameShape, shapeRule } from '../shape_rule.js';

export interface DropoutOptions {
  /** Where the random numbers come from; default: the one that `seed` restarts. */
  generator?: Generator;
}

/** In training, sets elements to 0 with probability p and scales the others; see the op `dropout`. [...] → [...]. */
export class Dropout extends Module {
  declare readonly [shapeRule]?: SameShape;

  /** @param p  within 0 … 1; default 0.5 */
  constructor(
    readonly p = 0.5,
    readonly options: DropoutOptions = {},
  ) {
    super();
    checkFraction('Dropout', 'p', p);
  }

  forward<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, Floating<D>> {
    return dropout(x, this.p, { ...this.options, training: this.training });
  }

  protected override extra(): string {
    return `p=${this.p}`;
  }
}
