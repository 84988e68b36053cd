import { checkFraction } from '../core/check.js';
import { type BinaryCrossEntropyOptions, binaryCrossEntropy } from '../ops/binary_cross_entropy.js';
import {
  type BinaryCrossEntropyWithLogitsOptions,
  binaryCrossEntropyWithLogits,
} from '../ops/binary_cross_entropy_with_logits.js';
import { type CrossEntropyOptions, crossEntropy } from '../ops/cross_entropy.js';
import { l1Loss } from '../ops/l1_loss.js';
import { checkReduction, type LossOptions, type LossReduction } from '../ops/loss.js';
import { mseLoss } from '../ops/mse_loss.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module.js';
import { buffer } from './parameter.js';

/* Losses as modules, which keep their options; each is the op of its name. */

abstract class Loss extends Module {
  readonly reduction: LossReduction;

  constructor({ reduction = 'mean' }: LossOptions = {}) {
    super();
    checkReduction(this.constructor.name, reduction);
    this.reduction = reduction;
  }

  protected override extra(): string {
    return `reduction='${this.reduction}'`;
  }
}

/** A tensor of factors as a buffer, saved with the loss. */
const factors = (weight: Tensor | undefined): Tensor | null => (weight === undefined ? null : buffer(weight));

/** (input − target)² */
export class MSELoss extends Loss {
  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, this);
  }
}

/** |input − target| */
export class L1Loss extends Loss {
  forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, this);
  }
}

/** Binary cross entropy of probabilities. */
export class BCELoss extends Loss {
  readonly weight: Tensor | null;

  constructor(options: BinaryCrossEntropyOptions = {}) {
    super(options);
    this.weight = factors(options.weight);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return binaryCrossEntropy(input, target, { ...(weight && { weight }), reduction });
  }
}

/** Binary cross entropy of logits. */
export class BCEWithLogitsLoss extends Loss {
  readonly weight: Tensor | null;
  readonly posWeight: Tensor | null;

  constructor(options: BinaryCrossEntropyWithLogitsOptions = {}) {
    super(options);
    this.weight = factors(options.weight);
    this.posWeight = factors(options.posWeight);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, posWeight, reduction } = this;
    return binaryCrossEntropyWithLogits(input, target, {
      ...(weight && { weight }),
      ...(posWeight && { posWeight }),
      reduction,
    });
  }
}

/** Cross entropy between logits and classes. */
export class CrossEntropyLoss extends Loss {
  readonly weight: Tensor | null;
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;

  constructor(options: CrossEntropyOptions = {}) {
    super(options);
    const { weight, ignoreIndex = -100, labelSmoothing = 0 } = options;
    checkFraction('CrossEntropyLoss', 'labelSmoothing', labelSmoothing);
    this.weight = factors(weight);
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
  }

  forward(logits: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, labelSmoothing, reduction } = this;
    return crossEntropy(logits, target, { ...(weight && { weight }), ignoreIndex, labelSmoothing, reduction });
  }
}
