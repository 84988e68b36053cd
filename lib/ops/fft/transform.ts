import { kernel, run, type View } from '../../backend/index.js';
import { type ComplexDType, type FloatDType, partDType, toComplexDType } from '../../core/dtype.js';
import { sizeOf } from '../../core/shape.js';
import { empty } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { parts, type Tensor } from '../../tensor/tensor.js';
import { conj } from '../complex/conj.js';
import { real } from '../complex/real.js';
import { mul } from '../elementwise/mul.js';
import { concat } from '../shape/concat.js';
import { contiguous } from '../shape/contiguous.js';
import { flip } from '../shape/flip.js';
import { transpose } from '../shape/permute.js';
import { reshape } from '../shape/reshape.js';
import { type Range, slice } from '../shape/slice.js';
import { to } from '../shape/to.js';
import { chirpOf, filterOf, rootsOf, timesOf, twistOf } from './roots.js';

/*
 * Fourier transforms along one axis: linear maps, each the other's transpose.
 *
 *   transform      yₖ = scale · Σⱼ xⱼ e^(∓2πi jk / n)                     complex to complex
 *   halfTransform  the first ⌊n / 2⌋ + 1 of these                        real to complex
 *   realTransform  yⱼ = scale · Σₖ xₖ e^(2πi jk / n), k = 0 … n − 1,       complex to real
 *                  where the second half of x mirrors the first: xₙ₋ₖ = conj xₖ
 *
 * A length with another prime factor than the kernels have passes for becomes a convolution.
 *
 * @source Bluestein 1970, "A linear filtering approach to the computation of discrete Fourier transform", IEEE Transactions
 *         on Audio and Electroacoustics 18
 */

/** 5 n log₂ n operations for a line of n complex numbers, by which transforms of all kinds are compared; of real ones half. */
const flopsOf =
  (length: (views: readonly View[]) => number, each: number) =>
  (views: readonly View[]): number => {
    const n = length(views);
    const [{ shape }] = views;
    return each * n * Math.log2(n) * shape[0] * shape[2];
  };
kernel('fft', { flops: flopsOf(([y]) => y.shape[1], 5) });
kernel('rfft', { flops: flopsOf(([, x]) => x.shape[1], 2.5) });
kernel('irfft', { flops: flopsOf(([y]) => y.shape[1], 2.5) });

/** The prime factors that kernels have passes for. */
const primes = [2, 3, 5, 7, 11, 13];

const isSmooth = (n: number): boolean =>
  primes.reduce((left, p) => {
    while (left % p === 0) left /= p;
    return left;
  }, n) === 1;

/** A line beyond this leaves the second-level cache when it is transformed beside as many others as a vector has lanes. */
const longLine = 4096;
/** With fewer lines than this, lanes of vectors stay empty, so that a line is cut into shorter ones … */
const fewLines = 8;
/** … if it is as long as this. */
const worthTwoSteps = 256;

/** n = n1 · n2, as square as can be, for a line that goes in two steps. */
function stepsOf(n: number, lines: number): [number, number] | null {
  if (n < worthTwoSteps || (n <= longLine && lines >= fewLines)) return null;
  let n1 = Math.floor(Math.sqrt(n));
  while (n % n1 !== 0) n1--;
  return [n1, n / n1];
}

/**
 * How long the convolution is that a transform of n elements becomes: of the lengths ≥ 2n − 1 with factors 2, 3 and 5 that one
 * which takes the least work, its elements times its passes, where two factors 2 share one.
 */
function convolutionOf(n: number): number {
  let [best, least] = [0, Infinity];
  for (let fives = 1, c = 0; fives < 4 * n; fives *= 5, c++) {
    for (let threes = fives, b = 0; threes < 4 * n; threes *= 3, b++) {
      const a = Math.max(0, Math.ceil(Math.log2((2 * n - 1) / threes)));
      const size = threes * 2 ** a;
      const work = size * (Math.ceil(a / 2) + b + c);
      if (work < least) [best, least] = [size, work];
    }
  }
  return best;
}

/** Columns that neighbour each other fill vectors; fewer of them are moved to the end first. */
const fewColumns = 16;

/** Runs a kernel along an axis: of y and x as [outer, n, inner], row-major. */
function runAlong(name: string, y: Tensor, x: Tensor, axis: number, n: number, numbers: readonly number[]): void {
  if (y.size === 0) return;
  const lines = (tensor: Tensor): Tensor => {
    const { shape } = tensor;
    const pair = parts(tensor).rank > tensor.rank ? [2] : [];
    const cut = [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1)), ...pair];
    return reshape(parts(tensor.detach()), cut) as Tensor;
  };
  const dtype = partDType(y.dtype) as FloatDType;
  const inverse = name === 'fft' && numbers[0] === 1;
  const m = isSmooth(n) ? n : convolutionOf(n);
  const chirp = m === n ? [] : [chirpOf(n, inverse, dtype), filterOf(n, m, inverse, dtype)];
  const isHalved = name !== 'fft' && m === n && n % 2 === 0;
  const steps = stepsOf(isHalved ? n / 2 : m, y.size / y.shape[axis]);
  const twist = steps === null ? [] : [twistOf(...steps, dtype)];
  run(name, [lines(y), lines(contiguous(x.detach())), rootsOf(m, dtype), ...chirp, ...twist], numbers);
}

/** Whether a few columns lie between the axis and the end, and n is long enough for a copy to pay. */
function isNarrow({ shape }: Tensor, axis: number): boolean {
  const inner = sizeOf(shape.slice(axis + 1));
  return inner > 1 && inner < fewColumns;
}

/** Whether real lines that have no half lie without gaps, each short enough for one step: kernels read them as they are. */
function isShort(x: Tensor, axis: number): boolean {
  const n: number = x.shape[axis];
  return axis === x.rank - 1 && stepsOf(isSmooth(n) ? n : convolutionOf(n), x.size / n) === null;
}

/** The same along the last axis. */
const atTheEnd = (x: Tensor, axis: number, body: (x: Tensor) => Tensor): Tensor =>
  transpose(body(transpose(x, axis, -1)), axis, -1);

const resized = (shape: readonly number[], axis: number, n: number): number[] =>
  shape.map((size, i) => (i === axis ? n : size));

const along = (axis: number, ...ranges: Range[]): Range[] => [...new Array<null>(axis).fill(null), ...ranges];

/** The numbers of one axis, to be multiplied with those of a tensor of that rank. */
const across = (x: Tensor, rank: number, axis: number): Tensor =>
  reshape(x, [x.size, ...new Array<number>(rank - axis - 1).fill(1)]);

export function transform(x: Tensor, axis: number, inverse: boolean, scale: number): Tensor {
  const n: number = x.shape[axis];
  if (isNarrow(x, axis)) return atTheEnd(x, axis, (x) => transform(x, x.rank - 1, inverse, scale));
  const y: Tensor = empty(x.shape, x.dtype);
  runAlong('fft', y, x, axis, n, [Number(inverse), scale]);
  return record('fft', y, [x], [], (dy) => [transform(dy, axis, !inverse, scale)]);
}

export function halfTransform(x: Tensor, axis: number, scale: number): Tensor {
  const n: number = x.shape[axis];
  const dtype = toComplexDType(x.dtype) as ComplexDType;
  const isHalved = n % 2 === 0 && isSmooth(n);
  if (!isHalved && !isShort(x, axis)) {
    return slice(transform(to(x, dtype), axis, false, scale), ...along(axis, [0, Math.floor(n / 2) + 1]));
  }
  if (isNarrow(x, axis)) return atTheEnd(x, axis, (x) => halfTransform(x, x.rank - 1, scale));
  const y: Tensor = empty(resized(x.shape, axis, Math.floor(n / 2) + 1), dtype);
  runAlong('rfft', y, x, axis, n, [scale]);
  const { rank } = x;
  return record('rfft', y, [x], [], (dy) => {
    const once = across(timesOf(n, true, dtype), rank, axis);
    return [realTransform(mul(dy, once) as Tensor, axis, n, scale)];
  });
}

export function realTransform(x: Tensor, axis: number, n: number, scale: number): Tensor {
  if (n % 2 === 1 || !isSmooth(n)) {
    const mirrored = conj(flip(slice(x, ...along(axis, [1, Math.floor((n + 1) / 2)])), axis)) as Tensor;
    return real(transform(concat([x, mirrored], axis), axis, true, scale));
  }
  if (isNarrow(x, axis)) return atTheEnd(x, axis, (x) => realTransform(x, x.rank - 1, n, scale));
  const y: Tensor = empty(resized(x.shape, axis, n), partDType(x.dtype));
  runAlong('irfft', y, x, axis, n, [scale]);
  const { rank } = x;
  const dtype = x.dtype as ComplexDType;
  return record('irfft', y, [x], [], (dy) => {
    const twice = across(timesOf(n, false, dtype), rank, axis);
    return [mul(halfTransform(dy, axis, scale), twice) as Tensor];
  });
}
