import { checkObject, checkOneOf } from '../../core/check.js';
import type { DType, Floating, Promoted } from '../../core/dtype.js';
import type { Checked, Shape } from '../../core/types.js';
import type { KlReduction } from '../../ops/loss/kl_div.js';
import type { ElementLoss, LossReduction, OneShape, Reduced } from '../../ops/loss/loss.js';
import type { Optional, Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import { buffer } from '../parameter.js';

/*
 * A loss as a module keeps the options of the op of its name as its own fields, and hands itself over as these options.
 */

export abstract class Loss<R extends KlReduction = 'mean'> extends Module {
  readonly reduction: R;

  constructor(options: { reduction?: R } = {}, words: readonly KlReduction[] = ['mean', 'sum', 'none']) {
    super();
    checkObject(this.constructor.name, 'options', options);
    const { reduction = 'mean' as R } = options;
    checkOneOf(this.constructor.name, 'reduction', reduction, words);
    this.reduction = reduction;
  }
}

/** A loss between tensors of one shape, from the losses of their elements. */
export abstract class ElementwiseLoss<R extends LossReduction = 'mean'> extends Loss<R> {
  /** The op. */
  protected abstract get loss(): ElementLoss<any>;

  forward<S extends Shape, D extends DType, T extends Shape, E extends DType>(
    input: Tensor<S, D>,
    target: Tensor<T, E> & Checked<OneShape<S, T>>,
  ): Tensor<Reduced<S, R>, Floating<Promoted<D, E>>> {
    return this.loss(input, target, this);
  }
}

/** A tensor of factors as a buffer, saved with the loss. */
export const factors = (weight: Optional): Tensor | null => (weight ? buffer(weight) : null);
