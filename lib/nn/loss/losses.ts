import { checkFraction } from '../../core/check.js';
import type { DType, Floating, Promoted } from '../../core/dtype.js';
import type { Checked, Shape } from '../../core/types.js';
import { type BinaryCrossEntropyOptions, binaryCrossEntropy } from '../../ops/loss/binary_cross_entropy.js';
import {
  type BinaryCrossEntropyWithLogitsOptions,
  binaryCrossEntropyWithLogits,
} from '../../ops/loss/binary_cross_entropy_with_logits.js';
import { type CrossEntropyOptions, crossEntropy } from '../../ops/loss/cross_entropy.js';
import { l1Loss } from '../../ops/loss/l1_loss.js';
import {
  checkReduction,
  type LossOptions,
  type LossReduction,
  type OneShape,
  type Reduced,
} from '../../ops/loss/loss.js';
import { mseLoss } from '../../ops/loss/mse_loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import { buffer } from '../parameter.js';

/* Losses as modules, which keep their options; each is the op of its name. */

abstract class Loss<R extends LossReduction> extends Module {
  readonly reduction: R;

  constructor({ reduction = 'mean' as R }: LossOptions<R> = {}) {
    super();
    checkReduction(this.constructor.name, reduction);
    this.reduction = reduction;
  }
}

/** A tensor of factors as a buffer, saved with the loss. */
const factors = (weight: Tensor | undefined): Tensor | null => (weight === undefined ? null : buffer(weight));

/** Mean squared error: (input − target)², reduced; see the op `mseLoss`. */
export class MSELoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  forward<S extends Shape, D extends DType, T extends Shape, E extends DType>(
    input: Tensor<S, D>,
    target: Tensor<T, E> & Checked<OneShape<S, T>>,
  ): Tensor<Reduced<S, R>, Floating<Promoted<D, E>>> {
    return mseLoss(input, target, this);
  }
}

/** Mean absolute error: |input − target|, reduced; see the op `l1Loss`. */
export class L1Loss<const R extends LossReduction = 'mean'> extends Loss<R> {
  forward<S extends Shape, D extends DType, T extends Shape, E extends DType>(
    input: Tensor<S, D>,
    target: Tensor<T, E> & Checked<OneShape<S, T>>,
  ): Tensor<Reduced<S, R>, Floating<Promoted<D, E>>> {
    return l1Loss(input, target, this);
  }
}

/** Binary cross entropy of probabilities, reduced; see the op `binaryCrossEntropy`. The factors are saved as a buffer. */
export class BCELoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly weight: Tensor | null;

  constructor(options: BinaryCrossEntropyOptions & LossOptions<R> = {}) {
    super(options);
    this.weight = factors(options.weight);
  }

  forward<S extends Shape, T extends Shape>(
    input: Tensor<S>,
    target: Tensor<T> & Checked<OneShape<S, T>>,
  ): Tensor<Reduced<S, R>> {
    const { weight, reduction } = this;
    return binaryCrossEntropy(input, target, { ...(weight && { weight }), reduction });
  }
}

/** Binary cross entropy of logits, reduced; see the op `binaryCrossEntropyWithLogits`. The factors are saved as buffers. */
export class BCEWithLogitsLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly weight: Tensor | null;
  readonly posWeight: Tensor | null;

  constructor(options: BinaryCrossEntropyWithLogitsOptions & LossOptions<R> = {}) {
    super(options);
    this.weight = factors(options.weight);
    this.posWeight = factors(options.posWeight);
  }

  forward<S extends Shape, T extends Shape>(
    input: Tensor<S>,
    target: Tensor<T> & Checked<OneShape<S, T>>,
  ): Tensor<Reduced<S, R>> {
    const { weight, posWeight, reduction } = this;
    return binaryCrossEntropyWithLogits(input, target, {
      ...(weight && { weight }),
      ...(posWeight && { posWeight }),
      reduction,
    });
  }
}

/** Cross entropy between logits and classes, reduced; see the op `crossEntropy`. The factors are saved as a buffer. */
export class CrossEntropyLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly weight: Tensor | null;
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;

  constructor(options: CrossEntropyOptions & LossOptions<R> = {}) {
    super(options);
    const { weight, ignoreIndex = -100, labelSmoothing = 0 } = options;
    checkFraction('CrossEntropyLoss', 'labelSmoothing', labelSmoothing);
    this.weight = factors(weight);
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
  }

  forward(logits: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    const { weight, ignoreIndex, labelSmoothing, reduction } = this;
    return crossEntropy(logits, target, { ...(weight && { weight }), ignoreIndex, labelSmoothing, reduction });
  }
}
