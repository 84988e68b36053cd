import type { PerAxis, Rank } from '../../ops/convolution/window.js';
import { checkSizes } from '../../ops/convolution/window.js';
import {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
} from '../../ops/pooling/adaptive_pool.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Pooling } from './pooling.js';

/** What a pool whose result has a given size has in common with others. */
abstract class AdaptivePool<R extends Rank> extends Pooling<R, { outputSize: PerAxis<R> }> {
  constructor(name: string, rank: R, pool: (x: any, outputSize: any) => Tensor, outputSize: PerAxis<R>) {
    super((x, { outputSize }) => pool(x, outputSize), { outputSize });
    checkSizes(name, 'outputSize', outputSize, rank, 1);
  }
}

/** The means of `outputSize` bins; see the op `adaptiveAvgPool1d`. [N, C, L] → [N, C, OL]. */
export class AdaptiveAvgPool1d extends AdaptivePool<1> {
  constructor(outputSize: PerAxis<1>) {
    super('AdaptiveAvgPool1d', 1, adaptiveAvgPool1d, outputSize);
  }
}

/** The means of `outputSize` bins; see the op `adaptiveAvgPool2d`. [N, C, H, W] → [N, C, OH, OW]. */
export class AdaptiveAvgPool2d extends AdaptivePool<2> {
  constructor(outputSize: PerAxis<2>) {
    super('AdaptiveAvgPool2d', 2, adaptiveAvgPool2d, outputSize);
  }
}

/** The means of `outputSize` bins; see the op `adaptiveAvgPool3d`. [N, C, D, H, W] → [N, C, OD, OH, OW]. */
export class AdaptiveAvgPool3d extends AdaptivePool<3> {
  constructor(outputSize: PerAxis<3>) {
    super('AdaptiveAvgPool3d', 3, adaptiveAvgPool3d, outputSize);
  }
}

/** The largest elements of `outputSize` bins; see the op `adaptiveMaxPool1d`. [N, C, L] → [N, C, OL]. */
export class AdaptiveMaxPool1d extends AdaptivePool<1> {
  constructor(outputSize: PerAxis<1>) {
    super('AdaptiveMaxPool1d', 1, adaptiveMaxPool1d, outputSize);
  }
}

/** The largest elements of `outputSize` bins; see the op `adaptiveMaxPool2d`. [N, C, H, W] → [N, C, OH, OW]. */
export class AdaptiveMaxPool2d extends AdaptivePool<2> {
  constructor(outputSize: PerAxis<2>) {
    super('AdaptiveMaxPool2d', 2, adaptiveMaxPool2d, outputSize);
  }
}

/** The largest elements of `outputSize` bins; see the op `adaptiveMaxPool3d`. [N, C, D, H, W] → [N, C, OD, OH, OW]. */
export class AdaptiveMaxPool3d extends AdaptivePool<3> {
  constructor(outputSize: PerAxis<3>) {
    super('AdaptiveMaxPool3d', 3, adaptiveMaxPool3d, outputSize);
  }
}
