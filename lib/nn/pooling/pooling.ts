import type { Rank } from '../../ops/convolution/window.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { FloatRule, ImageRule } from '../shape_rule.js';

/** A layer that pools by an op with these options. */
export abstract class Pooling<R extends Rank, O extends object> extends Layer<
  ImageRule<number, 'same', R> & FloatRule
> {
  readonly #pool: (x: any, options: O) => Tensor;

  constructor(
    pool: (x: any, options: O) => Tensor,
    readonly options: Readonly<O>,
  ) {
    super();
    this.#pool = pool;
  }

  protected override compute(x: Tensor): Tensor {
    return this.#pool(x, this.options);
  }
}
