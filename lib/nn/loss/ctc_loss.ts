import { type CtcLossOptions, checkCtc, ctcLoss, type Lengths } from '../../ops/loss/ctc_loss.js';
import type { LossOptions, LossReduction, Reduced } from '../../ops/loss/loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Connectionist temporal classification, reduced; see the op `ctcLoss`. */
export class CTCLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly blank: number;
  readonly zeroInfinity: boolean;

  constructor(options: CtcLossOptions & LossOptions<R> = {}) {
    super(options);
    const { blank = 0, zeroInfinity = false } = options;
    this.blank = blank;
    this.zeroInfinity = zeroInfinity;
    checkCtc('CTCLoss', this);
  }

  forward(logProbs: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths): Tensor<Reduced<any, R>> {
    return ctcLoss(logProbs, targets, inputLengths, targetLengths, this);
  }
}
