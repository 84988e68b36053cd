import { checkInstance } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import type { Generator } from '../../core/random.js';
import { rand, randn } from '../../ops/random/random.js';
import { fill } from '../../tensor/create.js';
import { Tensor } from '../../tensor/tensor.js';
import { fans } from './fans.js';

/*
 * Initial values of parameters, written in place; each returns its tensor. Weights are [out, in, ...kernel]:
 * fan in = in · kernel elements, fan out = out · kernel elements.
 */

export interface InitOptions {
  /** Where the random numbers come from; default: the one that `seed` restarts. */
  generator?: Generator | undefined;
}

/** Writes initial values, and returns the tensor: what every function here is, and what a layer takes one as. */
export type Initializer = <T extends Tensor>(tensor: T, options: InitOptions) => T;

/** Uniform in [low, high); default 0 and 1. */
export function uniform<T extends Tensor>(
  tensor: T,
  { low = 0, high = 1, generator }: InitOptions & { low?: number; high?: number } = {},
): T {
  checkInstance('uniform', 'tensor', tensor, Tensor);
  return tensor.assign(rand(tensor.shape, { generator, low, high, dtype: tensor.dtype }));
}

/** Normal with the given mean and standard deviation; default 0 and 1. */
export function normal<T extends Tensor>(
  tensor: T,
  { mean = 0, std = 1, generator }: InitOptions & { mean?: number; std?: number } = {},
): T {
  checkInstance('normal', 'tensor', tensor, Tensor);
  return tensor.assign(randn(tensor.shape, { generator, mean, std, dtype: tensor.dtype }));
}

/** Every element the same. */
export function constant<T extends Tensor>(tensor: T, value: number): T {
  checkInstance('constant', 'tensor', tensor, Tensor);
  return tensor.assign(fill(tensor.shape, value, tensor.dtype));
}

/** All 0: biases. */
export const zeros = <T extends Tensor>(tensor: T): T => constant(tensor, 0);
/** All 1: factors. */
export const ones = <T extends Tensor>(tensor: T): T => constant(tensor, 1);

/**
 * Uniform in ±1 / √(fan in): how weights and biases of linear maps and convolutions start here and in PyTorch.
 *
 * @param fanIn  of a tensor that has none of its own, as a bias; default that of the tensor
 * @throws ShapeError "fanInUniform: the tensor must have the axes [out, in, ...]; got [3]"
 */
export function fanInUniform<T extends Tensor>(
  tensor: T,
  { fanIn = fans('fanInUniform', tensor).fanIn, generator }: InitOptions & { fanIn?: number } = {},
): T {
  const bound = fanIn === 0 ? 0 : 1 / Math.sqrt(fanIn);
  return uniform(tensor, { low: -bound, high: bound, generator });
}

export interface XavierOptions extends InitOptions {
  /** Factor by what follows the layer, see `calculateGain`; default 1. */
  gain?: number;
}

/**
 * Uniform in ±gain · √(6 / (fan in + fan out)): signals keep their variance forwards and backwards.
 *
 * @source Glorot, Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", equation 16
 */
export function xavierUniform<T extends Tensor>(tensor: T, { gain = 1, generator }: XavierOptions = {}): T {
  const { fanIn, fanOut } = fans('xavierUniform', tensor);
  const bound = gain * Math.sqrt(6 / (fanIn + fanOut));
  return uniform(tensor, { low: -bound, high: bound, generator });
}

/** Normal with standard deviation gain · √(2 / (fan in + fan out)); see `xavierUniform`. */
export function xavierNormal<T extends Tensor>(tensor: T, { gain = 1, generator }: XavierOptions = {}): T {
  const { fanIn, fanOut } = fans('xavierNormal', tensor);
  return normal(tensor, { std: gain * Math.sqrt(2 / (fanIn + fanOut)), generator });
}

export interface KaimingOptions extends InitOptions {
  /** Slope of a leaky ReLU below 0; default 0. */
  a?: number;
  /** Keep the variance of the forward signal (fanIn, the default) or of the backward one (fanOut). */
  mode?: 'fanIn' | 'fanOut';
  /** What follows the layer; default 'leakyRelu'. */
  nonlinearity?: Nonlinearity;
}

/**
 * Uniform in ±gain · √(3 / fan), gain by `calculateGain`: signals keep their variance through rectifiers.
 *
 * @throws ShapeError "kaimingUniform: the tensor must have the axes [out, in, ...]; got [3]"
 * @source He, Zhang, Ren, Sun 2015, arXiv:1502.01852, section 2.2
 */
export function kaimingUniform<T extends Tensor>(tensor: T, options: KaimingOptions = {}): T {
  const bound = Math.sqrt(3) * kaimingDeviation('kaimingUniform', tensor, options);
  return uniform(tensor, { low: -bound, high: bound, generator: options.generator });
}

/** Normal with standard deviation gain / √fan; see `kaimingUniform`. */
export function kaimingNormal<T extends Tensor>(tensor: T, options: KaimingOptions = {}): T {
  const std = kaimingDeviation('kaimingNormal', tensor, options);
  return normal(tensor, { std, generator: options.generator });
}

export { kaimingNormal as heNormal, kaimingUniform as heUniform };

function kaimingDeviation(
  op: string,
  tensor: Tensor,
  { a = 0, mode = 'fanIn', nonlinearity = 'leakyRelu' }: KaimingOptions,
): number {
  if (mode !== 'fanIn' && mode !== 'fanOut') {
    throw new ValueError(`${op}: mode must be 'fanIn' or 'fanOut'; got '${mode}'`);
  }
  const fan = fans(op, tensor)[mode];
  return fan === 0 ? 0 : calculateGain(nonlinearity, a) / Math.sqrt(fan);
}

/** PyTorch's gains, of the parameter that a function may have. */
const gains = {
  linear: () => 1,
  conv2d: () => 1,
  sigmoid: () => 1,
  tanh: () => 5 / 3,
  relu: () => Math.SQRT2,
  leakyRelu: (slope: number) => Math.sqrt(2 / (1 + slope ** 2)),
  selu: () => 3 / 4,
};

/** What follows a layer and changes the variance of its signal. */
export type Nonlinearity = keyof typeof gains;

/**
 * The factor by which a nonlinearity's inputs must be larger for its outputs to keep their variance.
 *
 * @param parameter  the slope of 'leakyRelu' below 0; default 0.01
 */
export function calculateGain(nonlinearity: Nonlinearity, parameter = 0.01): number {
  if (!Object.hasOwn(gains, nonlinearity)) {
    const names = Object.keys(gains)
      .join(', ')
      .replace(/, (\w+)$/, ' or $1');
    throw new ValueError(`calculateGain: nonlinearity must be ${names}; got '${nonlinearity}'`);
  }
  return gains[nonlinearity](parameter);
}

export { dirac, eye, identity } from './identity.js';
export { orthogonal } from './orthogonal.js';
export { type SparseOptions, sparse } from './sparse.js';
export { type TruncNormalOptions, truncNormal } from './trunc_normal.js';
export { lecunNormal, lecunUniform, type VarianceScalingOptions, varianceScaling } from './variance_scaling.js';
