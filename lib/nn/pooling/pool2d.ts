import type { DType } from '../../core/dtype.js';
import { checkPair, checkPool, type Pair } from '../../ops/convolution/window.js';
import type { Floating } from '../../ops/elementwise/elementwise.js';
import { type AvgPool2dOptions as AvgOptions, avgPool2d } from '../../ops/pooling/avg_pool2d.js';
import { globalAveragePool2d } from '../../ops/pooling/global_average_pool2d.js';
import { type MaxPool2dOptions as MaxOptions, maxPool2d } from '../../ops/pooling/max_pool2d.js';
import type { FloatOut } from '../../ops/reduction/reduction.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import type { ImageRule, ShapeRule, shapeRule } from '../shape_rule.js';

/** The op's options but the kernel's size, which a layer always needs. */
export type MaxPool2dOptions = Omit<MaxOptions, 'kernelSize'>;
/** The op's options but the kernel's size, which a layer always needs. */
export type AvgPool2dOptions = Omit<AvgOptions, 'kernelSize'>;

const describe = (options: MaxOptions | AvgOptions): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ');

/** The largest element of every window; see the op `maxPool2d`. [N, C, H, W] → [N, C, OH, OW]. */
export class MaxPool2d extends Module {
  declare readonly [shapeRule]?: ImageRule<number, 'same'>;
  readonly options: Readonly<MaxOptions>;

  /** @param kernelSize  one number or [height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: Pair, options: MaxPool2dOptions = {}) {
    super();
    this.options = { kernelSize, ...options };
    checkPool('MaxPool2d', this.options);
    checkPair('MaxPool2d', 'dilation', options.dilation ?? 1, 1);
  }

  forward<N extends number, C extends number, D extends DType>(
    x: Tensor<[N, C, number, number], D>,
  ): Tensor<[N, C, number, number], Floating<D>> {
    return maxPool2d(x, this.options);
  }

  protected override extra(): string {
    return describe(this.options);
  }
}

/** The mean of every window; see the op `avgPool2d`. [N, C, H, W] → [N, C, OH, OW]. */
export class AvgPool2d extends Module {
  declare readonly [shapeRule]?: ImageRule<number, 'same'>;
  readonly options: Readonly<AvgOptions>;

  /** @param kernelSize  one number or [height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: Pair, options: AvgPool2dOptions = {}) {
    super();
    this.options = { kernelSize, ...options };
    checkPool('AvgPool2d', this.options);
  }

  forward<N extends number, C extends number, D extends DType>(
    x: Tensor<[N, C, number, number], D>,
  ): Tensor<[N, C, number, number], Floating<D>> {
    return avgPool2d(x, this.options);
  }

  protected override extra(): string {
    return describe(this.options);
  }
}

interface GlobalPoolRule extends ShapeRule {
  readonly output: this['input'] extends [infer N, infer C, number, number] ? [N, C, 1, 1] : any;
}

/** The mean of every channel's plane: [N, C, H, W] → [N, C, 1, 1]. */
export class GlobalAveragePool2d extends Module {
  declare readonly [shapeRule]?: GlobalPoolRule;

  forward<N extends number, C extends number, D extends DType>(
    x: Tensor<[N, C, number, number], D>,
  ): Tensor<[N, C, 1, 1], FloatOut[D]> {
    return globalAveragePool2d(x);
  }
}
