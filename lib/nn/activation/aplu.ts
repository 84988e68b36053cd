import { checkWhole } from '../../core/check.js';
import { aplu } from '../../ops/activation/aplu.js';
import { add } from '../../ops/elementwise/add.js';
import { mul } from '../../ops/elementwise/mul.js';
import { square } from '../../ops/elementwise/square.js';
import { sum } from '../../ops/reduction/sum.js';
import type { Tensor } from '../../tensor/tensor.js';
import { normal, zeros } from '../init/init.js';
import { Layer } from '../layer.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import type { WeightedShape } from '../shape_rule.js';

export interface APLUOptions extends ParameterOptions {
  /** Hinges of a channel; ≥ 1; default 2. */
  hinges?: number;
}

/**
 * Adaptive piecewise linear unit, with hinges that are learned for each channel; see the op `aplu`. [N, C, ...] → the same.
 * Large heights and places against small weights make training unstable: add `penalty()` to the loss.
 *
 * a [numChannels, hinges] starts at 0, as ReLU; b, where the hinges are, standard normal.
 *
 * @source Agostinelli, Hoffman, Sadowski, Baldi 2014, arXiv:1412.6830, section 2
 */
export class APLU extends Layer<WeightedShape> {
  readonly a: Tensor<[number, number]>;
  readonly b: Tensor<[number, number]>;

  /** @param numChannels  whole, ≥ 1 */
  constructor(
    readonly numChannels: number,
    { hinges = 2, ...options }: APLUOptions = {},
  ) {
    super();
    checkWhole('APLU', 'numChannels', numChannels, 1);
    checkWhole('APLU', 'hinges', hinges, 1);
    this.a = newParameter([numChannels, hinges], zeros, options);
    this.b = newParameter([numChannels, hinges], normal, options);
  }

  /** factor · (Σ a² + Σ b²), to be added to the loss; factor 0.001 by default. */
  penalty(factor = 1e-3): Tensor<[]> {
    return mul(add(sum(square(this.a)), sum(square(this.b))), factor);
  }

  protected override compute(x: Tensor): Tensor {
    return aplu(x, this.a, this.b);
  }
}
