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
import { Pooling } from './pooling.js';

/** The op's options but the kernel's size, which a layer always needs. */
type Options<R extends Rank> = Omit<MaxPoolOptions<R>, 'kernelSize' | 'returnIndices'>;
export type MaxPool1dLayerOptions = Options<1>;
export type MaxPool2dLayerOptions = Options<2>;
export type MaxPool3dLayerOptions = Options<3>;

/** What pools that choose an element have in common. */
abstract class Choosing<R extends Rank> extends Pooling<R, Omit<MaxPoolOptions<R>, 'returnIndices'>> {
  constructor(rank: R, name: string, pool: (x: any, options: any) => any, kernelSize: PerAxis<R>, options: Options<R>) {
    super(pool, { kernelSize, ...options });
    checkPool(name, rank, this.options);
  }
}

/** The largest element of every window; see the op `maxPool1d`. [N, C, L] → [N, C, OL]. */
export class MaxPool1d extends Choosing<1> {
  /** @param kernelSize  one number or [length]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<1>, options: MaxPool1dLayerOptions = {}) {
    super(1, 'MaxPool1d', maxPool1d, kernelSize, options);
  }
}

/** The largest element of every window; see the op `maxPool2d`. [N, C, H, W] → [N, C, OH, OW]. */
export class MaxPool2d extends Choosing<2> {
  /** @param kernelSize  one number or [height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<2>, options: MaxPool2dLayerOptions = {}) {
    super(2, 'MaxPool2d', maxPool2d, kernelSize, options);
  }
}

/** The largest element of every window; see the op `maxPool3d`. [N, C, D, H, W] → [N, C, OD, OH, OW]. */
export class MaxPool3d extends Choosing<3> {
  /** @param kernelSize  one number or [depth, height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<3>, options: MaxPool3dLayerOptions = {}) {
    super(3, 'MaxPool3d', maxPool3d, kernelSize, options);
  }
}

/** The smallest element of every window; see the op `minPool1d`. [N, C, L] → [N, C, OL]. */
export class MinPool1d extends Choosing<1> {
  /** @param kernelSize  one number or [length]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<1>, options: MaxPool1dLayerOptions = {}) {
    super(1, 'MinPool1d', minPool1d, kernelSize, options);
  }
}

/** The smallest element of every window; see the op `minPool2d`. [N, C, H, W] → [N, C, OH, OW]. */
export class MinPool2d extends Choosing<2> {
  /** @param kernelSize  one number or [height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<2>, options: MaxPool2dLayerOptions = {}) {
    super(2, 'MinPool2d', minPool2d, kernelSize, options);
  }
}

/** The smallest element of every window; see the op `minPool3d`. [N, C, D, H, W] → [N, C, OD, OH, OW]. */
export class MinPool3d extends Choosing<3> {
  /** @param kernelSize  one number or [depth, height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: PerAxis<3>, options: MaxPool3dLayerOptions = {}) {
    super(3, 'MinPool3d', minPool3d, kernelSize, options);
  }
}
