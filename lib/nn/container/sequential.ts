import { isObserved } from '../../core/recycling.js';
import type { Checked, Result, Shape } from '../../core/types.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ReLU } from '../activation/relu.js';
import { Module } from '../module.js';
import { MaxPool1d, MaxPool2d, MaxPool3d } from '../pooling/max_pool.js';
import type { Chain, ShapeRule, shapeRule } from '../shape_rule.js';
import { chain, declareKeepsNothing, keepsNothing } from './chain.js';

/** Whether a layer is of one of these classes, not of one that extends it, and has no hooks. */
const isPlain = (layer: Module, ...kinds: unknown[]): boolean =>
  kinds.includes(layer.constructor) && keepsNothing(layer);

const givesIndices = (pool: Module): boolean => (pool as MaxPool2d<boolean>).options.returnIndices === true;

/**
 * The same layers with each ReLU behind the max pooling that follows it, where it has a fraction of the elements: the two
 * commute, bit by bit, in value and in gradient.
 */
function poolingFirst(layers: readonly Module[]): readonly Module[] {
  const order = [...layers];
  for (let i = 1; i < order.length; i++) {
    const [before, layer] = [order[i - 1], order[i]];
    if (isPlain(before, ReLU) && isPlain(layer, MaxPool1d, MaxPool2d, MaxPool3d) && !givesIndices(layer)) {
      order[i - 1] = layer;
      order[i] = before;
    }
  }
  return order;
}

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
    // Who looks on sees the layers in their order.
    const layers = isObserved() ? this.layers : poolingFirst(this.layers);
    return chain(layers, { y: x, isKnown: true }).y;
  }
}

declareKeepsNothing(Sequential<readonly Module[]>, ({ layers }) => layers);
