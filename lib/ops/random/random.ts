import { kernel, run } from '../../backend/index.js';
import { checkFraction } from '../../core/check.js';
import { checkDType, type DType, type FloatDType, isFloat, widen } from '../../core/dtype.js';
import { DTypeError, ValueError } from '../../core/errors.js';
import { defaultGenerator, type Generator } from '../../core/random.js';
import { checkShape } from '../../core/shape.js';
import type { Literal, Shape } from '../../core/types.js';
import { type CreateOptions, empty } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { contiguous } from '../shape/contiguous.js';
import { to } from '../shape/to.js';

/*
 * Tensors of random numbers. Element i depends on the generator's seed, its position and i alone, so the same seed gives
 * the same numbers on every engine and any number of threads. Each call moves the generator on by the blocks it used.
 */

// Whole-number arithmetic, but for a few operations.
kernel('uniform', { flops: 0 });
kernel('normal', { flops: 0 });
kernel('bernoulli', { flops: 0 });
kernel('randint', { flops: 0 });

export interface RandomOptions<D extends DType = DType> extends CreateOptions<D> {
  /** Where the numbers come from; default: the one that `seed` restarts. */
  generator?: Generator | undefined;
}

/**
 * Uniformly distributed numbers: low + (high − low) · u, u in [0, 1) with 24 random bits in float32, 53 in float64.
 *
 * @param shape  the result's
 * @param low    default 0
 * @param high   default 1
 * @throws ValueError "rand: low and high must be finite, low ≤ high; got 1 and 0"
 */
export function rand<const S extends Shape, D extends FloatDType = 'float32'>(
  shape: S,
  { low = 0, high = 1, ...options }: RandomOptions<D> & { low?: number; high?: number } = {},
): Tensor<Literal<S>, NoInfer<D>> {
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) {
    throw new ValueError(`rand: low and high must be finite, low ≤ high; got ${low} and ${high}`);
  }
  return drawFloats('rand', 'uniform', shape, [low, high], options);
}

/**
 * Normally distributed numbers, by Box and Muller's transform of 32-bit uniforms.
 *
 * @param shape  the result's
 * @param mean   default 0
 * @param std    ≥ 0; default 1
 * @throws ValueError "randn: mean must be finite and std finite and ≥ 0; got 0 and -1"
 */
export function randn<const S extends Shape, D extends FloatDType = 'float32'>(
  shape: S,
  { mean = 0, std = 1, ...options }: RandomOptions<D> & { mean?: number; std?: number } = {},
): Tensor<Literal<S>, NoInfer<D>> {
  if (!Number.isFinite(mean) || !Number.isFinite(std) || std < 0) {
    throw new ValueError(`randn: mean must be finite and std finite and ≥ 0; got ${mean} and ${std}`);
  }
  return drawFloats('randn', 'normal', shape, [mean, std], options);
}

/**
 * Uniformly distributed whole numbers low … high − 1.
 *
 * @param low    whole, int32
 * @param high   excluded; whole, above low, at most 2³¹
 * @param shape  the result's
 * @returns      int32
 * @throws ValueError "randint: low and high must be whole numbers from -2147483648 to 2147483648, low < high; got 3 and 3"
 */
export function randint<const S extends Shape>(
  low: number,
  high: number,
  shape: S,
  { generator }: { generator?: Generator | undefined } = {},
): Tensor<Literal<S>, 'int32'> {
  if (!Number.isInteger(low) || !Number.isInteger(high) || low < -(2 ** 31) || high > 2 ** 31 || low >= high) {
    throw new ValueError(
      `randint: low and high must be whole numbers from ${-(2 ** 31)} to ${2 ** 31}, low < high; got ${low} and ${high}`,
    );
  }
  return draw('randint', 'randint', shape, 'int32', [low, high], generator);
}

/**
 * True with probability p, each element by itself.
 *
 * @param p      0 ≤ p ≤ 1
 * @param shape  the result's
 * @returns      bool
 * @throws ValueError "bernoulli: p must be within 0 … 1; got 1.5"
 */
export function bernoulli<const S extends Shape>(
  p: number,
  shape: S,
  { generator }: { generator?: Generator | undefined } = {},
): Tensor<Literal<S>, 'bool'> {
  checkFraction('bernoulli', 'p', p);
  return draw('bernoulli', 'bernoulli', shape, 'bool', [p], generator);
}

/** `bernoulli` by the numbers of a generator's seed from a position on, which a caller took from it before. */
export function bernoulliOf(drawn: { seed: number; counter: number }, p: number, shape: Shape): Tensor<any, 'bool'> {
  const y: Tensor<any, 'bool'> = empty(shape, 'bool');
  run('bernoulli', [y], () => [drawn.seed, drawn.counter, p]);
  return y;
}

/** Floating-point numbers with the options that making a tensor has; bfloat16 is drawn in float32 and rounded. */
function drawFloats(
  op: string,
  kernel: string,
  shape: Shape,
  parameters: readonly number[],
  { dtype = 'float32', requiresGrad = false, generator }: RandomOptions,
): Tensor {
  checkDType(op, dtype);
  if (!isFloat(dtype)) throw new DTypeError(`${op}: dtype must be floating-point; got ${dtype}; use randint`);
  const y = draw(op, kernel, shape, widen(dtype), parameters, generator);
  return to(y, dtype).requireGrad(requiresGrad);
}

/** Draws of a kernel that depend on x, float32 or float64, elementwise: a block each, and further branches of it. */
export function drawFrom(kernel: string, x: Tensor, generator: Generator | undefined): Tensor {
  const y: Tensor = empty(x.shape, x.dtype);
  const { size } = y;
  run(kernel, [y, contiguous(x.detach())], () => {
    const stream = generator ?? defaultGenerator();
    return [stream.seed, stream.take(size)];
  });
  return y;
}

/** Runs a kernel on as many blocks of four 32-bit numbers as it needs; only uniform float64 takes two an element. */
function draw(
  op: string,
  kernel: string,
  shape: Shape,
  dtype: DType,
  parameters: readonly number[],
  generator: Generator | undefined,
): Tensor {
  checkShape(op, shape);
  const y: Tensor = empty([...shape], dtype);
  const perBlock = kernel === 'uniform' && dtype === 'float64' ? 2 : 4;
  const blocks = Math.ceil(y.size / perBlock);
  run(kernel, [y], () => {
    const stream = generator ?? defaultGenerator();
    return [stream.seed, stream.take(blocks), ...parameters];
  });
  return y;
}
