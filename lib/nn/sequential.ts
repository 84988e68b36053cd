import { leaveToTape } from '../core/recycling.js';
import { Storage } from '../core/storage.js';
import type { Checked, Result, Shape } from '../core/types.js';
import type { Tensor } from '../tensor/tensor.js';
import { GELU, LeakyReLU, ReLU, Sigmoid, Tanh } from './activations.js';
import { BatchNorm1d, BatchNorm2d } from './batch_norm.js';
import { Conv2d } from './conv2d.js';
import { Dropout } from './dropout.js';
import { Flatten } from './flatten.js';
import { GroupNorm } from './group_norm.js';
import { LayerNorm } from './layer_norm.js';
import { Linear } from './linear.js';
import { Module } from './module.js';
import { AvgPool2d, GlobalAveragePool2d, MaxPool2d } from './pool2d.js';
import type { Chain, ShapeRule, shapeRule } from './shape_rule.js';

/** Forward passes that keep neither what they are given nor what they return: what lies between two of them is known to nobody. */
const keepNothing: ReadonlySet<unknown> = new Set(
  [
    ...[Conv2d, Linear, MaxPool2d, AvgPool2d, GlobalAveragePool2d, Flatten, Dropout],
    ...[BatchNorm1d, BatchNorm2d, LayerNorm, GroupNorm, ReLU, LeakyReLU, Sigmoid, Tanh, GELU],
  ].map((layer) => layer.prototype.forward),
);

/** Whether a layer may hold what it is given or returns. */
const keeps = (layer: Module): boolean =>
  layer.forward === Sequential.prototype.forward
    ? (layer as Sequential<readonly Module[]>).layers.some(keeps)
    : !keepNothing.has(layer.forward);

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
    const first = Storage.count;
    let y: Tensor = x;
    /** Whether somebody but the tape may hold y's memory. */
    let isKnown = true;
    for (const layer of this.layers) {
      const next: Tensor = layer.forward(y);
      const mayHold = keeps(layer);
      const isView = next.storage === y.storage;
      if (!mayHold && !isKnown && !isView) leaveToTape(y.storage);
      isKnown = mayHold || (isView ? isKnown : next.storage.id < first);
      y = next;
    }
    return y;
  }
}
