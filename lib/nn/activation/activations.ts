import type { DType } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { type GeluApproximation, gelu } from '../../ops/activation/gelu.js';
import { leakyRelu } from '../../ops/activation/leaky_relu.js';
import { relu } from '../../ops/activation/relu.js';
import { sigmoid } from '../../ops/activation/sigmoid.js';
import { softmax } from '../../ops/activation/softmax.js';
import type { Floating } from '../../ops/elementwise/elementwise.js';
import { tanh } from '../../ops/elementwise/tanh.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import type { SameShape, shapeRule } from '../shape_rule.js';

/* Activations as layers, for `Sequential`; each is the op of its name. */

/** A layer whose result has its input's shape. */
abstract class Activation extends Module {
  declare readonly [shapeRule]?: SameShape;
}

/** Rectified linear unit: max(x, 0); see the op `relu`. [...] → [...]. */
export class ReLU extends Activation {
  forward<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> {
    return relu(x);
  }
}

/** x above 0, negativeSlope · x below; see the op `leakyRelu`. [...] → [...]. */
export class LeakyReLU extends Activation {
  /** @param negativeSlope  finite; default 0.01 */
  constructor(readonly negativeSlope = 0.01) {
    super();
  }

  forward<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, Floating<D>> {
    return leakyRelu(x, this.negativeSlope);
  }

  protected override extra(): string {
    return `negativeSlope=${this.negativeSlope}`;
  }
}

/** Logistic function: 1 / (1 + e⁻ˣ); see the op `sigmoid`. [...] → [...]. */
export class Sigmoid extends Activation {
  forward<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, Floating<D>> {
    return sigmoid(x);
  }
}

/** Hyperbolic tangent: (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ); see the op `tanh`. [...] → [...]. */
export class Tanh extends Activation {
  forward<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, Floating<D>> {
    return tanh(x);
  }
}

/** Gaussian error linear unit: x · Φ(x); see the op `gelu`. [...] → [...]. */
export class GELU extends Activation {
  /** @param options.approximate  'none' (default) or 'tanh' */
  constructor(readonly options: { approximate?: GeluApproximation } = {}) {
    super();
  }

  forward<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, Floating<D>> {
    return gelu(x, this.options);
  }

  protected override extra(): string {
    return `approximate='${this.options.approximate ?? 'none'}'`;
  }
}

/** Exponentials along an axis, scaled to the sum 1; see the op `softmax`. [...] → [...]. */
export class Softmax extends Activation {
  /** @param axis  default −1, the last */
  constructor(readonly axis = -1) {
    super();
  }

  forward<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, Floating<D>> {
    return softmax(x, this.axis);
  }

  protected override extra(): string {
    return `axis=${this.axis}`;
  }
}
