import { ShapeError } from '../../core/errors.js';
import { sameShape, show } from '../../core/shape.js';
import { add } from '../../ops/elementwise/add.js';
import type { Tensor } from '../../tensor/tensor.js';
import { declareKeepsNothing } from '../container/chain.js';
import { Module } from '../module.js';

/**
 * A layer and a way around it: y = branch(x) + shortcut(x), where the shortcut is x itself if there is none.
 *
 *     new nn.Residual(new nn.Sequential(conv1, norm1, new nn.ReLU(), conv2, norm2))
 *     new nn.Residual(wider, new nn.Conv2d(16, 32, 1, { stride: 2 }))
 *
 * @source He, Zhang, Ren, Sun 2015, arXiv:1512.03385, equations 1 and 2
 */
export class Residual extends Module {
  /**
   * @param branch    a module of one tensor
   * @param shortcut  a module of one tensor whose result has the branch's shape; default none
   */
  constructor(
    readonly branch: Module,
    readonly shortcut: Module | null = null,
  ) {
    super();
  }

  /** @throws ShapeError "Residual: branch and shortcut must give one shape; got [2, 4] and [2, 3]; give a shortcut that maps x" */
  forward(x: Tensor): Tensor {
    const y: Tensor = this.branch.forward(x);
    const passed: Tensor = this.shortcut === null ? x : this.shortcut.forward(x);
    if (!sameShape(y.shape, passed.shape)) {
      throw new ShapeError(
        `Residual: branch and shortcut must give one shape; got ${show(y.shape)} and ${show(passed.shape)}; give a shortcut that maps x`,
      );
    }
    return add(y, passed);
  }
}

declareKeepsNothing(Residual, ({ branch, shortcut }) => (shortcut === null ? [branch] : [branch, shortcut]));
