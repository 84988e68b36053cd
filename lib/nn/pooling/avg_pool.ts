import type { PerAxis, Rank } from '../../ops/convolution/window.js';
import { type AvgPoolOptions, avgPool1d, avgPool2d, avgPool3d } from '../../ops/pooling/avg_pool.js';
import { checkPool } from '../../ops/pooling/pool.js';
import { Pooling } from './pooling.js';

/** The op's options but the kernel's size, which a layer always needs. */
type Options<R extends Rank> = Omit<AvgPoolOptions<R>, 'kernelSize'>;
export type AvgPool1dLayerOptions = Options<1>;
export type AvgPool2dLayerOptions = Options<2>;
export type AvgPool3dLayerOptions = Options<3>;

const ops = { 1: avgPool1d, 2: avgPool2d, 3: avgPool3d };

/** What average pools of every rank have in common. */
abstract class AvgPool<R extends Rank> extends Pooling<R, AvgPoolOptions<R>> {
  constructor(rank: R, kernelSize: PerAxis<R>, options: Options<R>) {
    super(ops[rank] as never, { kernelSize, ...options });
    checkPool(`AvgPool${rank}d`, rank, this.options);
  }
}

/** The mean of every window; see the op `avgPool1d`. [N, C, L] → [N, C, OL]. */
export class AvgPool1d extends AvgPool<1> {
  /** @param kernelSize  one number or [length]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<1>, options: AvgPool1dLayerOptions = {}) {
    super(1, kernelSize, options);
  }
}

/** The mean of every window; see the op `avgPool2d`. [N, C, H, W] → [N, C, OH, OW]. */
export class AvgPool2d extends AvgPool<2> {
  /** @param kernelSize  one number or [height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<2>, options: AvgPool2dLayerOptions = {}) {
    super(2, kernelSize, options);
  }
}

/** The mean of every window; see the op `avgPool3d`. [N, C, D, H, W] → [N, C, OD, OH, OW]. */
export class AvgPool3d extends AvgPool<3> {
  /** @param kernelSize  one number or [depth, height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<3>, options: AvgPool3dLayerOptions = {}) {
    super(3, kernelSize, options);
  }
}
