import { checkNonNegative } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { rand, randn } from '../../ops/random/random.js';
import type { Tensor } from '../../tensor/tensor.js';
import { fans } from './fans.js';
import type { InitOptions } from './init.js';
import { truncNormal } from './trunc_normal.js';

export interface VarianceScalingOptions extends InitOptions {
  /** Factor on the variance; ≥ 0; default 1. */
  scale?: number;
  /** What the variance is divided by: the number of inputs, of outputs, or the mean of both; default 'fanIn'. */
  mode?: 'fanIn' | 'fanOut' | 'fanAvg';
  /** Default 'truncNormal': cut at two standard deviations. */
  distribution?: 'truncNormal' | 'normal' | 'uniform';
}

/** The standard deviation of N(0, 1) cut at ±2. */
const cutDeviation = 0.87962566103423978;

/**
 * Mean 0 and variance scale / fan: the family of which Xavier's (1, 'fanAvg'), He's (2, 'fanIn') and LeCun's (1, 'fanIn') are.
 *
 * He's of the mean of the fans, which E prints in lines 4433–4438, is `{ scale: 2, mode: 'fanAvg' }`.
 *
 * @throws ShapeError "varianceScaling: the tensor must have the axes [out, in, ...]; got [3]"
 * @source Glorot, Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks"; the names are
 *         Keras'
 */
export function varianceScaling<T extends Tensor>(
  tensor: T,
  { scale = 1, mode = 'fanIn', distribution = 'truncNormal', ...random }: VarianceScalingOptions = {},
): T {
  checkNonNegative('varianceScaling', 'scale', scale);
  const { fanIn, fanOut } = fans('varianceScaling', tensor);
  const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
  if (fan === undefined) {
    throw new ValueError(`varianceScaling: mode must be 'fanIn', 'fanOut' or 'fanAvg'; got '${String(mode)}'`);
  }
  const { shape, dtype } = tensor;
  const std = fan === 0 ? 0 : Math.sqrt(scale / fan);
  if (distribution === 'normal') return tensor.assign(randn(shape, { ...random, std, dtype }));
  if (distribution === 'uniform') {
    const bound = Math.sqrt(3) * std;
    return tensor.assign(rand(shape, { ...random, low: -bound, high: bound, dtype }));
  }
  if (distribution !== 'truncNormal') {
    throw new ValueError(
      `varianceScaling: distribution must be 'truncNormal', 'normal' or 'uniform'; got '${String(distribution)}'`,
    );
  }
  const wide = std / cutDeviation;
  return truncNormal(tensor, { ...random, std: wide, a: -2 * wide, b: 2 * wide });
}

/**
 * Uniform in ±√(3 / fan in): variance 1 / fan in, which keeps that of signals through linear units and SELU.
 *
 * @source LeCun, Bottou, Orr, Müller 1998, "Efficient backprop", section 4.6
 */
export const lecunUniform = <T extends Tensor>(tensor: T, options: InitOptions = {}): T =>
  varianceScaling(tensor, { ...options, distribution: 'uniform' });

/** Normal with standard deviation 1 / √fan in; see `lecunUniform`. */
export const lecunNormal = <T extends Tensor>(tensor: T, options: InitOptions = {}): T =>
  varianceScaling(tensor, { ...options, distribution: 'normal' });
