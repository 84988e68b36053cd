import { checkWhole } from '../../core/check.js';
import { pelu } from '../../ops/activation/pelu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ones } from '../init/init.js';
import { Layer } from '../layer.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import type { WeightedShape } from '../shape_rule.js';

/**
 * Parametric exponential linear unit, with an a and a b that are learned for each channel or for all; see the op `pelu`.
 * [N, C, ...] → the same.
 *
 * a and b, [numParameters], start at 1, where it is ELU.
 *
 * @source Trottier, Giguère, Chaib-draa 2016, arXiv:1605.09332, section 3
 */
export class PELU extends Layer<WeightedShape> {
  readonly a: Tensor<[number]>;
  readonly b: Tensor<[number]>;

  /** @param numParameters  1 for all channels, or the number of channels; default 1 */
  constructor(
    readonly numParameters = 1,
    options: Pick<ParameterOptions, 'dtype'> = {},
  ) {
    super();
    checkWhole('PELU', 'numParameters', numParameters, 1);
    this.a = newParameter([numParameters], ones, options);
    this.b = newParameter([numParameters], ones, options);
  }

  protected override compute(x: Tensor): Tensor {
    return pelu(x, this.a, this.b);
  }
}
