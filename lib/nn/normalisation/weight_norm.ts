import { checkInstance } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { lengths, weightNorm } from '../../ops/normalisation/weight_norm.js';
import { noGrad } from '../../tensor/tape.js';
import { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import { isParameter, parameter } from '../parameter.js';

/** A layer's own parameter, which has at least two axes. */
export function weightOf(op: string, layer: Module, name: string): Tensor {
  checkInstance(op, 'the layer', layer, Module);
  const weight: unknown = Reflect.get(layer, name);
  if (weight instanceof Tensor && isParameter(weight) && weight.rank >= 2) return weight;
  throw new ValueError(
    `${op}: the layer must have a parameter of at least 2 axes as its field ${name}; got ${layer.constructor.name}`,
  );
}

/** A layer's forward pass with another tensor in the place of one of its fields. */
export function forwardWith(layer: Module, name: string, weight: Tensor, inputs: readonly unknown[]): any {
  const own: unknown = Reflect.get(layer, name);
  Reflect.set(layer, name, weight);
  try {
    return layer.forward(...inputs);
  } finally {
    Reflect.set(layer, name, own);
  }
}

/**
 * A layer whose weight is g · v / ‖v‖ for each output: length and direction are learned apart. The layer's own parameter is
 * v; g [out, 1, ...] starts at its length, so that the layer begins as it was. Inputs and results are the layer's.
 *
 *     new nn.WeightNorm(new nn.Linear(784, 128))
 *
 * @source Salimans, Kingma 2016, arXiv:1602.07868, equation 2
 */
export class WeightNorm<L extends Module = Module> extends Module {
  readonly g: Tensor;

  /**
   * @param name  the layer's field with its parameter [out, ...]; default 'weight'
   * @throws ValueError "WeightNorm: the layer must have a parameter of at least 2 axes as its field weight; got ReLU"
   */
  constructor(
    readonly layer: L,
    readonly name: string = 'weight',
  ) {
    super();
    const v = weightOf('WeightNorm', layer, name);
    this.g = parameter(noGrad(() => lengths(v)));
  }

  forward(...inputs: any[]): any {
    const { name } = this;
    const layer: Module = this.layer;
    const v: Tensor = Reflect.get(layer, name);
    return forwardWith(layer, name, weightNorm(v, this.g), inputs);
  }
}
