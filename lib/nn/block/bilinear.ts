import { checkWhole } from '../../core/check.js';
import { bilinear } from '../../ops/linalg/bilinear.js';
import type { Tensor } from '../../tensor/tensor.js';
import { declareKeepsNothing } from '../container/chain.js';
import { fanInUniform, type Initializer } from '../init/init.js';
import type { LinearOptions } from '../linear.js';
import { Module } from '../module.js';
import { newParameter } from '../parameter.js';

/**
 * A form that is linear in each of two inputs; see the op `bilinear`. [..., in1], [..., in2] → [..., out].
 *
 * weight [out, in1, in2] and bias [out] start uniform in ±1 / √in1.
 */
export class Bilinear extends Module {
  readonly weight: Tensor<[number, number, number]>;
  readonly bias: Tensor<[number]> | null;

  /**
   * @param in1Features  whole, ≥ 1
   * @param in2Features  whole, ≥ 1
   * @param outFeatures  whole, ≥ 1
   */
  constructor(
    readonly in1Features: number,
    readonly in2Features: number,
    readonly outFeatures: number,
    { bias = true, ...options }: LinearOptions = {},
  ) {
    super();
    const sizes = { in1Features, in2Features, outFeatures };
    for (const [name, size] of Object.entries(sizes)) checkWhole('Bilinear', name, size, 1);
    const initialise: Initializer = (tensor, options) => fanInUniform(tensor, { fanIn: in1Features, ...options });
    this.weight = newParameter([outFeatures, in1Features, in2Features], initialise, options);
    this.bias = bias ? newParameter([outFeatures], initialise, options) : null;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return bilinear(x1, x2, this.weight, this.bias ?? undefined);
  }
}

declareKeepsNothing(Bilinear);
