import { checkPositive } from '../../core/check.js';
import type { PerAxis, Rank } from '../../ops/convolution/window.js';
import { type LPPoolOptions, lpPool1d, lpPool2d, lpPool3d } from '../../ops/pooling/lp_pool.js';
import { checkPool } from '../../ops/pooling/pool.js';
import { Pooling } from './pooling.js';

/** The op's options but those that a layer always needs. */
type Options<R extends Rank> = Omit<LPPoolOptions<R>, 'kernelSize' | 'normType'>;

const ops = { 1: lpPool1d, 2: lpPool2d, 3: lpPool3d };

/** What pools by a norm have in common. */
abstract class LPPool<R extends Rank> extends Pooling<R, LPPoolOptions<R>> {
  constructor(rank: R, normType: number, kernelSize: PerAxis<R>, options: Options<R>) {
    super(ops[rank] as never, { normType, kernelSize, ...options });
    checkPositive(`LPPool${rank}d`, 'normType', normType);
    checkPool(`LPPool${rank}d`, rank, this.options);
  }
}

/** The p-norm of every window; see the op `lpPool1d`. [N, C, L] → [N, C, OL]. */
export class LPPool1d extends LPPool<1> {
  /**
   * @param normType    the power p; > 0
   * @param kernelSize  one number or [length]; ≥ 1; also the stride, unless that is given
   */
  constructor(normType: number, kernelSize: PerAxis<1>, options: Options<1> = {}) {
    super(1, normType, kernelSize, options);
  }
}

/** The p-norm of every window; see the op `lpPool2d`. [N, C, H, W] → [N, C, OH, OW]. */
export class LPPool2d extends LPPool<2> {
  /**
   * @param normType    the power p; > 0
   * @param kernelSize  one number or [height, width]; ≥ 1; also the stride, unless that is given
   */
  constructor(normType: number, kernelSize: PerAxis<2>, options: Options<2> = {}) {
    super(2, normType, kernelSize, options);
  }
}

/** The p-norm of every window; see the op `lpPool3d`. [N, C, D, H, W] → [N, C, OD, OH, OW]. */
export class LPPool3d extends LPPool<3> {
  /**
   * @param normType    the power p; > 0
   * @param kernelSize  one number or [depth, height, width]; ≥ 1; also the stride, unless that is given
   */
  constructor(normType: number, kernelSize: PerAxis<3>, options: Options<3> = {}) {
    super(3, normType, kernelSize, options);
  }
}
