import type { DType, Floating } from '../../core/dtype.js';
import type { Images, PerAxis, Rank } from '../../ops/convolution/window.js';
import {
  type MaxUnpool as MaxUnpoolOp,
  type MaxUnpoolOptions,
  maxUnpool1d,
  maxUnpool2d,
  maxUnpool3d,
} from '../../ops/pooling/max_unpool.js';
import { checkPool } from '../../ops/pooling/pool.js';
import type { Tensor } from '../../tensor/tensor.js';
import { declareKeepsNothing } from '../container/chain.js';
import { Module } from '../module.js';

/** The op's options but the kernel's size, which a layer always needs, and the result's, which a call may name. */
type Options<R extends Rank> = Omit<MaxUnpoolOptions<R>, 'kernelSize' | 'outputSize'>;

const ops = { 1: maxUnpool1d, 2: maxUnpool2d, 3: maxUnpool3d };

/** What layers that undo max pooling have in common. */
abstract class MaxUnpool<R extends Rank> extends Module {
  readonly options: Readonly<MaxUnpoolOptions<R>>;
  readonly #unpool: MaxUnpoolOp<R>;

  constructor(rank: R, kernelSize: PerAxis<R>, options: Options<R>) {
    super();
    this.options = { kernelSize, ...options };
    this.#unpool = ops[rank] as never;
    checkPool(`MaxUnpool${rank}d`, rank, this.options);
  }

  /**
   * @param indices     from max pooling with `returnIndices`
   * @param outputSize  sizes of the result; default: those of windows that fit side by side
   */
  forward<N extends number, C extends number, D extends DType>(
    x: Tensor<Images<N, C, R>, D>,
    indices: Tensor<Images<N, C, R>, 'int32'>,
    outputSize?: PerAxis<R>,
  ): Tensor<Images<N, C, R>, Floating<D>> {
    return this.#unpool(x, indices, outputSize === undefined ? this.options : { ...this.options, outputSize });
  }
}

declareKeepsNothing(MaxUnpool<Rank>);

/** Puts maxima back where they were; see the op `maxUnpool1d`. [N, C, OL] → [N, C, L]. */
export class MaxUnpool1d extends MaxUnpool<1> {
  /** @param kernelSize  one number or [length]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<1>, options: Options<1> = {}) {
    super(1, kernelSize, options);
  }
}

/** Puts maxima back where they were; see the op `maxUnpool2d`. [N, C, OH, OW] → [N, C, H, W]. */
export class MaxUnpool2d extends MaxUnpool<2> {
  /** @param kernelSize  one number or [height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<2>, options: Options<2> = {}) {
    super(2, kernelSize, options);
  }
}

/** Puts maxima back where they were; see the op `maxUnpool3d`. [N, C, OD, OH, OW] → [N, C, D, H, W]. */
export class MaxUnpool3d extends MaxUnpool<3> {
  /** @param kernelSize  one number or [depth, height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<3>, options: Options<3> = {}) {
    super(3, kernelSize, options);
  }
}
