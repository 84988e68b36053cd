import type { Mismatch, Ranked, Shape } from '../../core/types.js';
import { checkPair, checkPool, type Pair } from '../../ops/convolution/window.js';
import { type AvgPool2dOptions, avgPool2d } from '../../ops/pooling/avg_pool2d.js';
import { globalAveragePool2d } from '../../ops/pooling/global_average_pool2d.js';
import { type MaxPool2dOptions, maxPool2d } from '../../ops/pooling/max_pool2d.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { FloatRule, ImageRule } from '../shape_rule.js';

/** The op's options but the kernel's size, which a layer always needs. */
export type MaxPool2dLayerOptions = Omit<MaxPool2dOptions, 'kernelSize'>;
/** The op's options but the kernel's size, which a layer always needs. */
export type AvgPool2dLayerOptions = Omit<AvgPool2dOptions, 'kernelSize'>;

type PoolRule = ImageRule<number, 'same'> & FloatRule;

/** The largest element of every window; see the op `maxPool2d`. [N, C, H, W] → [N, C, OH, OW]. */
export class MaxPool2d extends Layer<PoolRule> {
  readonly options: Readonly<MaxPool2dOptions>;

  /** @param kernelSize  one number or [height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: Pair, options: MaxPool2dLayerOptions = {}) {
    super();
    this.options = { kernelSize, ...options };
    checkPool('MaxPool2d', this.options);
    checkPair('MaxPool2d', 'dilation', options.dilation ?? 1, 1);
  }

  protected override compute(x: Tensor): Tensor {
    return maxPool2d(x, this.options);
  }
}

/** The mean of every window; see the op `avgPool2d`. [N, C, H, W] → [N, C, OH, OW]. */
export class AvgPool2d extends Layer<PoolRule> {
  readonly options: Readonly<AvgPool2dOptions>;

  /** @param kernelSize  one number or [height, width]; ≥ 1; also the stride, unless that is given */
  constructor(kernelSize: Pair, options: AvgPool2dLayerOptions = {}) {
    super();
    this.options = { kernelSize, ...options };
    checkPool('AvgPool2d', this.options);
  }

  protected override compute(x: Tensor): Tensor {
    return avgPool2d(x, this.options);
  }
}

interface GlobalPoolRule extends FloatRule {
  readonly output: this['input'] extends infer S extends Shape ? PooledShape<S> : never;
}
type PooledShape<S extends Shape> =
  Ranked<S> extends false
    ? any
    : S extends readonly [infer N extends number, infer C extends number, number, number]
      ? [N, C, 1, 1]
      : Mismatch<'a layer on images takes [batch, channels, height, width]'>;

/** The mean of every channel's plane: [N, C, H, W] → [N, C, 1, 1]. */
export class GlobalAveragePool2d extends Layer<GlobalPoolRule> {
  protected override compute(x: Tensor): Tensor {
    return globalAveragePool2d(x as Tensor<[number, number, number, number]>);
  }
}
