import { relu } from '../../ops/activation/relu.js';
import { sigmoid } from '../../ops/activation/sigmoid.js';
import { add } from '../../ops/elementwise/add.js';
import { mul } from '../../ops/elementwise/mul.js';
import { sub } from '../../ops/elementwise/sub.js';
import type { Tensor } from '../../tensor/tensor.js';
import { declareKeepsNothing } from '../container/chain.js';
import { constant } from '../init/init.js';
import { Linear } from '../linear.js';
import { Module } from '../module.js';
import type { ParameterOptions } from '../parameter.js';

export interface HighwayOptions extends ParameterOptions {
  /** The gate's bias at the start: the lower, the more of x is carried; default −1. */
  gateBias?: number;
}

/**
 * A layer whose gate t decides how much of x is carried past it: y = t · relu(transform x) + (1 − t) · x, t = σ(gate x).
 * [..., features] → the same.
 *
 * @source Srivastava, Greff, Schmidhuber 2015, arXiv:1505.00387, equation 3
 */
export class Highway extends Module {
  readonly transform: Linear;
  readonly gate: Linear;

  /** @param features  whole, ≥ 0 */
  constructor(features: number, { gateBias = -1, ...options }: HighwayOptions = {}) {
    super();
    this.transform = new Linear(features, features, options);
    this.gate = new Linear(features, features, options);
    constant(this.gate.bias as Tensor, gateBias);
  }

  forward(x: Tensor): Tensor {
    const t = sigmoid(this.gate.forward(x));
    const h: Tensor = relu(this.transform.forward(x));
    return add(mul(h, t), mul(x, sub(1, t)));
  }
}

declareKeepsNothing(Highway, ({ transform, gate }) => [transform, gate]);
