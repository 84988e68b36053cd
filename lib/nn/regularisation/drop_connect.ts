import { checkFraction } from '../../core/check.js';
import type { Generator } from '../../core/random.js';
import { linear } from '../../ops/linalg/linear.js';
import { dropout } from '../../ops/random/dropout.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Linear, type LinearOptions } from '../linear.js';

/** The generator is that of the dropped weights too. */
export interface DropConnectOptions extends LinearOptions {
  /** Probability that a weight is set to 0 in training; within 0 … 1; default 0.5. */
  p?: number;
}

/**
 * A linear map that in training sets single weights to 0, the same for a whole batch, and scales the others by 1 / (1 − p):
 * [..., in] → [..., out].
 *
 * weight and bias are those of `Linear`; the bias stays.
 *
 * @source Wan, Zeiler, Zhang, LeCun, Fergus 2013, "Regularization of neural networks using DropConnect", section 3;
 *         in evaluation with the weights' expectation
 */
export class DropConnect<const In extends number = any, const Out extends number = any> extends Linear<In, Out> {
  readonly p: number;
  readonly #generator: Generator | undefined;

  /** @throws ValueError "DropConnect: p must be within 0 … 1; got 2" */
  constructor(inFeatures: In, outFeatures: Out, { p = 0.5, ...options }: DropConnectOptions = {}) {
    super(inFeatures, outFeatures, options);
    checkFraction('DropConnect', 'p', p);
    this.p = p;
    this.#generator = options.generator;
  }

  protected override compute(x: Tensor): Tensor {
    const weight: Tensor = dropout(this.weight, this.p, { training: this.training, generator: this.#generator });
    return linear(x, weight, this.bias ?? undefined);
  }
}
