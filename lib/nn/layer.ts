import type { DType } from '../core/dtype.js';
import type { Checked, Result, Shape } from '../core/types.js';
import type { Tensor } from '../tensor/tensor.js';
import { declareKeepsNothing } from './container/chain.js';
import { Module } from './module.js';
import type { Applied, ResultDType, ShapeRule, shapeRule } from './shape_rule.js';

/**
 * The library's own layers of one tensor in and one out: the rule says what they make of its shape and dtype, once for
 * calls and for chains, and `compute` is all that is left to write.
 */
export abstract class Layer<R extends ShapeRule> extends Module {
  declare readonly [shapeRule]?: R;

  forward<S extends Shape, D extends DType>(
    x: Tensor<S, D> & Checked<Applied<R, S>>,
  ): Tensor<Result<Applied<R, S>>, ResultDType<R, D>> {
    return this.compute(x);
  }

  /** The result. Neither it nor x may be kept: a chain of layers uses their memory again. */
  protected abstract compute(x: Tensor): Tensor;
}

declareKeepsNothing(Layer);
