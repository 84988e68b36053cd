import { type KlDivOptions, type KlReduction, klDiv } from '../../ops/loss/kl_div.js';
import type { Reduced } from '../../ops/loss/loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Kullback–Leibler divergence of the target from the input, reduced; see the op `klDiv`. */
export class KLDivLoss<const R extends KlReduction = 'mean'> extends Loss<R> {
  readonly logTarget: boolean;

  constructor(options: KlDivOptions<R> = {}) {
    super(options, ['mean', 'batchmean', 'sum', 'none']);
    this.logTarget = options.logTarget ?? false;
  }

  forward(input: Tensor, target: Tensor): Tensor<Reduced<any, R extends 'none' ? 'none' : 'mean'>> {
    return klDiv(input, target, this);
  }
}
