import { checkFraction } from '../../core/check.js';
import type { Generator } from '../../core/random.js';
import { dropout } from '../../ops/random/dropout.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

export interface DropoutLayerOptions {
  /** Where the random numbers come from; default: the one that `seed` restarts. */
  generator?: Generator | undefined;
}

/** In training, sets elements to 0 with probability p and scales the others; see the op `dropout`. [...] → [...]. */
export class Dropout extends Layer<SameShape> {
  readonly #generator: Generator | undefined;

  /** @param p  within 0 … 1; default 0.5 */
  constructor(
    readonly p = 0.5,
    { generator }: DropoutLayerOptions = {},
  ) {
    super();
    checkFraction('Dropout', 'p', p);
    this.#generator = generator;
  }

  protected override compute(x: Tensor): Tensor {
    return dropout(x, this.p, { training: this.training, generator: this.#generator });
  }
}
