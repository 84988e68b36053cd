import type { Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { square } from '../elementwise/square.js';
import { inFloat } from '../precision.js';
import { mean } from '../reduction/mean.js';
import { sum } from '../reduction/sum.js';
import { variance } from '../reduction/variance.js';

/**
 * How unevenly a mixture uses its experts: the squared coefficient of variation of what each is given in all,
 *
 *   Var(importance) / Mean(importance)²      importance = Σ over rows of gates
 *
 * 0 where all are used alike. Added to the loss it keeps a gate from choosing always the same ones.
 *
 * @param gates  [..., experts], as `MixtureOfExperts` gives them
 * @returns      []
 * @source Shazeer and others 2017, arXiv:1701.06538, equations 6 and 7
 */
export function importanceLoss(gates: Tensor): Tensor<[]> {
  checkRank('importanceLoss', 'gates', gates, ['...', 'experts']);
  const experts: number = gates.shape[gates.rank - 1];
  return inFloat([gates], (gates: Tensor) => {
    const importance: Tensor = sum(gates.reshape([gates.size / Math.max(1, experts), experts]), 0);
    // Without rows there is nothing to balance.
    return div(variance(importance, 0, { correction: 0 }), add(square(mean(importance, 0)), 1e-10));
  }) as Tensor;
}
