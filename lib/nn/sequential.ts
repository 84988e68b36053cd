import type { Checked, Result, Shape } from '../core/types.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module.js';
import type { Chain, ShapeRule, shapeRule } from './shape_rule.js';

interface SequentialRule<L extends readonly Module[]> extends ShapeRule {
  readonly output: Chain<L, this['input']>;
}

/**
 * Layers one after another. Where their sizes are known, so is the result's shape, and layers that do not fit together are a
 * compile error.
 *
 *     const net = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10));
 *     net.forward(images);    // Tensor<[32, 784]> → Tensor<[32, 10]>
 *
 * Parameters are named by position: `0.weight`, `0.bias`, `2.weight`, …
 */
export class Sequential<const L extends readonly Module[] = any> extends Module {
  declare readonly [shapeRule]?: SequentialRule<L>;
  readonly layers: L;

  constructor(...layers: L) {
    super();
    this.layers = layers;
  }

  protected override fields(): [name: string, value: unknown][] {
    return Object.entries(this.layers);
  }

  forward<S extends Shape>(x: Tensor<S> & Checked<Chain<L, S>>): Tensor<Result<Chain<L, S>>> {
    let y: Tensor = x;
    for (const layer of this.layers) y = layer.forward(y);
    return y;
  }
}
