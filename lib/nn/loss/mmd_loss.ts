import { given } from '../../core/check.js';
import { checkMmd, type MmdLossOptions, mmdLoss } from '../../ops/loss/mmd_loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';

/** Squared maximum mean discrepancy between two samples; see the op `mmdLoss`. */
export class MMDLoss extends Module {
  readonly bandwidths: readonly number[];

  constructor(options: MmdLossOptions = {}) {
    const { bandwidths = [1] } = given(options);
    super();
    this.bandwidths = bandwidths;
    checkMmd('MMDLoss', this);
  }

  forward(x: Tensor, y: Tensor): Tensor<[]> {
    return mmdLoss(x, y, this);
  }
}
