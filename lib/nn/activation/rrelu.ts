import { given } from '../../core/check.js';
import type { Generator } from '../../core/random.js';
import { type RreluOptions, rrelu } from '../../ops/activation/rrelu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** Randomised leaky ReLU, in evaluation with the mean slope; see the op `rrelu`. [...] → [...]. */
export class RReLU extends Layer<SameShape> {
  readonly lower: number;
  readonly upper: number;
  readonly #generator: Generator | undefined;

  /** @param options  lower, default 1/8, and upper, default 1/3, of the slope; generator */
  constructor(options: Omit<RreluOptions, 'training'> = {}) {
    const { lower = 1 / 8, upper = 1 / 3, generator } = given(options);
    super();
    this.lower = lower;
    this.upper = upper;
    this.#generator = generator;
  }

  protected override compute(x: Tensor): Tensor {
    const { lower, upper, training } = this;
    return rrelu(x, { lower, upper, training, generator: this.#generator });
  }
}
