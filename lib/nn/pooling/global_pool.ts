import type { Ranked, Shape } from '../../core/types.js';
import type { Images, Rank } from '../../ops/convolution/window.js';
import {
  globalAveragePool1d,
  globalAveragePool2d,
  globalAveragePool3d,
  globalMaxPool1d,
  globalMaxPool2d,
  globalMaxPool3d,
  type Single,
} from '../../ops/pooling/global_pool.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { FloatRule, NoImages } from '../shape_rule.js';

interface GlobalPoolRule<R extends Rank> extends FloatRule {
  readonly output: this['input'] extends infer S extends Shape ? PooledShape<S, R> : never;
}
type PooledShape<S extends Shape, R extends Rank> =
  Ranked<S> extends false
    ? any
    : S extends Readonly<Images<infer N extends number, infer C extends number, R>>
      ? Single<N, C, R>
      : NoImages<R>;

/** What pools over all of the spatial axes have in common. */
abstract class GlobalPool<R extends Rank> extends Layer<GlobalPoolRule<R>> {
  readonly #pool: (x: any) => Tensor;

  constructor(pool: (x: any) => Tensor) {
    super();
    this.#pool = pool;
  }

  protected override compute(x: Tensor): Tensor {
    return this.#pool(x);
  }
}

/** The mean of every channel's sequence: [N, C, L] → [N, C, 1]. */
export class GlobalAveragePool1d extends GlobalPool<1> {
  constructor() {
    super(globalAveragePool1d);
  }
}

/** The mean of every channel's plane: [N, C, H, W] → [N, C, 1, 1]. */
export class GlobalAveragePool2d extends GlobalPool<2> {
  constructor() {
    super(globalAveragePool2d);
  }
}

/** The mean of every channel's volume: [N, C, D, H, W] → [N, C, 1, 1, 1]. */
export class GlobalAveragePool3d extends GlobalPool<3> {
  constructor() {
    super(globalAveragePool3d);
  }
}

/** The largest element of every channel's sequence: [N, C, L] → [N, C, 1]. */
export class GlobalMaxPool1d extends GlobalPool<1> {
  constructor() {
    super(globalMaxPool1d);
  }
}

/** The largest element of every channel's plane: [N, C, H, W] → [N, C, 1, 1]. */
export class GlobalMaxPool2d extends GlobalPool<2> {
  constructor() {
    super(globalMaxPool2d);
  }
}

/** The largest element of every channel's volume: [N, C, D, H, W] → [N, C, 1, 1, 1]. */
export class GlobalMaxPool3d extends GlobalPool<3> {
  constructor() {
    super(globalMaxPool3d);
  }
}
