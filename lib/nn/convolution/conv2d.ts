import { checkWhole } from '../../core/check.js';
import type { DType, FloatDType } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import type { Generator } from '../../core/random.js';
import { show } from '../../core/shape.js';
import { type Conv2dOptions as ConvolutionOptions, checkAlgorithm, conv2d } from '../../ops/convolution/conv2d.js';
import { checkPair, type Pair } from '../../ops/convolution/window.js';
import type { Floating, Promoted } from '../../ops/elementwise/elementwise.js';
import { empty } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { fans } from '../init/fans.js';
import { kaimingUniform, uniform } from '../init/init.js';
import { Module } from '../module.js';
import { parameter } from '../parameter.js';
import type { ImageRule, shapeRule } from '../shape_rule.js';

export interface Conv2dOptions extends ConvolutionOptions {
  /** Add a bias; default true. */
  bias?: boolean;
  /** Of the parameters; default 'float32'. */
  dtype?: FloatDType;
  /** Where the initial values come from; default: the one that `seed` restarts. */
  generator?: Generator;
}

/**
 * Two-dimensional convolution; see the op `conv2d`. [N, in, H, W] → [N, out, OH, OW].
 *
 * weight [out, in / groups, KH, KW] and bias [out] start uniform in ±1 / √(in / groups · KH · KW).
 */
export class Conv2d<const In extends number = any, const Out extends number = any> extends Module {
  declare readonly [shapeRule]?: ImageRule<In, Out>;
  readonly kernelSize: readonly [height: number, width: number];
  readonly weight: Tensor<[Out, number, number, number]>;
  readonly bias: Tensor<[Out]> | null;
  readonly options: Readonly<ConvolutionOptions>;

  /**
   * @param inChannels   ≥ 1; a multiple of groups
   * @param outChannels  ≥ 1; a multiple of groups
   * @param kernelSize   one number or [height, width]; ≥ 1
   * @throws ValueError "Conv2d: groups must divide inChannels and outChannels; got 2 for 3 and 4"
   */
  constructor(
    readonly inChannels: In,
    readonly outChannels: Out,
    kernelSize: Pair,
    { bias = true, dtype = 'float32', generator, ...options }: Conv2dOptions = {},
  ) {
    super();
    checkWhole('Conv2d', 'inChannels', inChannels, 1);
    checkWhole('Conv2d', 'outChannels', outChannels, 1);
    this.kernelSize = checkPair('Conv2d', 'kernelSize', kernelSize, 1);
    const { stride = 1, dilation = 1, groups = 1, algorithm = 'direct' } = options;
    checkAlgorithm('Conv2d', algorithm);
    checkPair('Conv2d', 'stride', stride, 1);
    checkPair('Conv2d', 'dilation', dilation, 1);
    checkWhole('Conv2d', 'groups', groups, 1);
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ValueError(
        `Conv2d: groups must divide inChannels and outChannels; got ${groups} for ${inChannels} and ${outChannels}`,
      );
    }
    this.options = options;
    const random = generator === undefined ? {} : { generator };
    const shape: [Out, number, number, number] = [outChannels, inChannels / groups, ...this.kernelSize];
    this.weight = parameter(kaimingUniform(empty(shape, dtype), { a: Math.sqrt(5), ...random }));
    const bound = 1 / Math.sqrt(fans('Conv2d', this.weight).fanIn);
    const size: [Out] = [outChannels];
    this.bias = bias ? parameter(uniform(empty(size, dtype), -bound, bound, random)) : null;
  }

  forward<N extends number, D extends DType>(
    x: Tensor<[N, In, number, number], D>,
  ): Tensor<[N, Out, number, number], Floating<Promoted<D, 'float32'>>> {
    return conv2d(x, this.weight, this.bias ?? undefined, this.options);
  }

  protected override extra(): string {
    const options = Object.entries(this.options).map(([name, value]) => `, ${name}=${JSON.stringify(value)}`);
    return `${this.inChannels}, ${this.outChannels}, kernelSize=${show(this.kernelSize)}${options.join('')}, bias=${this.bias !== null}`;
  }
}
