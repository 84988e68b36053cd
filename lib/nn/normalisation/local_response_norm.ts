import { checkFinite, checkWhole } from '../../core/check.js';
import { type LocalResponseNormOptions, localResponseNorm } from '../../ops/normalisation/local_response_norm.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** Divides each element by what the channels around it have; see the op `localResponseNorm`. [N, C, ...] → the same. */
export class LocalResponseNorm extends Layer<SameShape> {
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  /** @param size  how many channels; whole, ≥ 1 */
  constructor(
    readonly size: number,
    { alpha = 1e-4, beta = 0.75, k = 1 }: LocalResponseNormOptions = {},
  ) {
    super();
    checkWhole('LocalResponseNorm', 'size', size, 1);
    for (const [name, value] of Object.entries({ alpha, beta, k })) checkFinite('LocalResponseNorm', name, value);
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  protected override compute(x: Tensor): Tensor {
    return localResponseNorm(x, this.size, this);
  }
}
