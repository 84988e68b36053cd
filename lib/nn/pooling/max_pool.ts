import type { DType } from '../../core/dtype.js';
import type { Checked, Result, Shape } from '../../core/types.js';
import type { PerAxis, Rank } from '../../ops/convolution/window.js';
import {
  type MaxPoolOptions,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  minPool1d,
  minPool2d,
  minPool3d,
} from '../../ops/pooling/max_pool.js';
import { checkPool } from '../../ops/pooling/pool.js';
import type { Tensor } from '../../tensor/tensor.js';
import { declareKeepsNothing } from '../container/chain.js';
import { Module } from '../module.js';
import type { Applied, FloatRule, ImageRule, ResultDType, shapeRule, UnknownShape } from '../shape_rule.js';

/** The op's options but the kernel's size, which a layer always needs. */
interface Options<R extends Rank, I extends boolean> extends Omit<MaxPoolOptions<R>, 'kernelSize' | 'returnIndices'> {
  /** Give [y, indices], for `MaxUnpool`; default false. */
  returnIndices?: I;
}
export type MaxPool1dLayerOptions<I extends boolean = boolean> = Options<1, I>;
export type MaxPool2dLayerOptions<I extends boolean = boolean> = Options<2, I>;
export type MaxPool3dLayerOptions<I extends boolean = boolean> = Options<3, I>;

type PoolRule<R extends Rank> = ImageRule<number, 'same', R> & FloatRule;
/** A result, or with its indices. */
type Chosen<S extends Shape, D extends DType, I extends boolean> = I extends true
  ? [y: Tensor<S, D>, indices: Tensor<S, 'int32'>]
  : Tensor<S, D>;

/** What pools that choose an element have in common. */
abstract class Choosing<R extends Rank, I extends boolean> extends Module {
  declare readonly [shapeRule]?: I extends true ? UnknownShape : PoolRule<R>;
  readonly options: Readonly<MaxPoolOptions<R>>;
  readonly #pool: (x: any, options: any) => any;

  constructor(
    rank: R,
    name: string,
    pool: (x: any, options: any) => any,
    kernelSize: PerAxis<R>,
    options: Options<R, I>,
  ) {
    super();
    this.options = { kernelSize, ...options };
    this.#pool = pool;
    checkPool(name, rank, this.options);
  }

  forward<S extends Shape, D extends DType>(
    x: Tensor<S, D> & Checked<Applied<PoolRule<R>, S>>,
  ): Chosen<Result<Applied<PoolRule<R>, S>>, ResultDType<PoolRule<R>, D>, I> {
    return this.#pool(x, this.options);
  }
}

declareKeepsNothing(Choosing<Rank, boolean>);

/** The largest element of every window; see the op `maxPool1d`. [N, C, L] → [N, C, OL]. */
export class MaxPool1d<const I extends boolean = false> extends Choosing<1, I> {
  /** @param kernelSize  one number or [length]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<1>, options: MaxPool1dLayerOptions<I> = {}) {
    super(1, 'MaxPool1d', maxPool1d, kernelSize, options);
  }
}

/** The largest element of every window; see the op `maxPool2d`. [N, C, H, W] → [N, C, OH, OW]. */
export class MaxPool2d<const I extends boolean = false> extends Choosing<2, I> {
  /** @param kernelSize  one number or [height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<2>, options: MaxPool2dLayerOptions<I> = {}) {
    super(2, 'MaxPool2d', maxPool2d, kernelSize, options);
  }
}

/** The largest element of every window; see the op `maxPool3d`. [N, C, D, H, W] → [N, C, OD, OH, OW]. */
export class MaxPool3d<const I extends boolean = false> extends Choosing<3, I> {
  /** @param kernelSize  one number or [depth, height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<3>, options: MaxPool3dLayerOptions<I> = {}) {
    super(3, 'MaxPool3d', maxPool3d, kernelSize, options);
  }
}

/** The smallest element of every window; see the op `minPool1d`. [N, C, L] → [N, C, OL]. */
export class MinPool1d<const I extends boolean = false> extends Choosing<1, I> {
  /** @param kernelSize  one number or [length]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<1>, options: MaxPool1dLayerOptions<I> = {}) {
    super(1, 'MinPool1d', minPool1d, kernelSize, options);
  }
}

/** The smallest element of every window; see the op `minPool2d`. [N, C, H, W] → [N, C, OH, OW]. */
export class MinPool2d<const I extends boolean = false> extends Choosing<2, I> {
  /** @param kernelSize  one number or [height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<2>, options: MaxPool2dLayerOptions<I> = {}) {
    super(2, 'MinPool2d', minPool2d, kernelSize, options);
  }
}

/** The smallest element of every window; see the op `minPool3d`. [N, C, D, H, W] → [N, C, OD, OH, OW]. */
export class MinPool3d<const I extends boolean = false> extends Choosing<3, I> {
  /** @param kernelSize  one number or [depth, height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<3>, options: MaxPool3dLayerOptions<I> = {}) {
    super(3, 'MinPool3d', minPool3d, kernelSize, options);
  }
}
