import type { TypedArray } from '../../core/dtype.js';
import { sizeOf } from '../../core/shape.js';
import type { View } from '../backend.js';
import { gammaSlope, polygamma } from './gamma.js';
import { type Kernel, type KernelTable, read, writable } from './loops.js';

/** y = f(x) for every element. */
export const map =
  (f: (x: number) => number): Kernel =>
  ([y, x]) => {
    const from = read(x, y.shape);
    const { values, done } = writable(y);
    for (let i = 0; i < values.length; i++) values[i] = f(from[i]);
    done();
  };

/** The elements of an operand and the step between them: 0 for a single number, as in x · 2, which needs no copy. */
const operand = (x: View, y: View): [values: TypedArray, step: number] =>
  sizeOf(x.shape) === 1 ? [read(x), 0] : [read(x, y.shape), 1];

type Loop = (y: TypedArray, a: TypedArray, p: number, b: TypedArray, q: number) => void;

/**
 * A function of two operands as a loop of its own, `y[i] = a[i · p] ∘ b[i · q]`: a loop that all functions share calls
 * through a pointer, and a million elements take 27 ms instead of 1.4.
 */
const zipLoop =
  (loop: Loop): Kernel =>
  ([y, a, b]) => {
    const { values, done } = writable(y);
    loop(values, ...operand(a, y), ...operand(b, y));
    done();
  };

/** y = f(a, b) for every element, with broadcasting. */
const zip = (f: (a: number, b: number) => number): Kernel =>
  zipLoop((y, a, p, b, q) => {
    for (let i = 0; i < y.length; i++) y[i] = f(a[i * p], b[i * q]);
  });

/** y = f(a, b, c) for every element, with broadcasting. */
const zipThree =
  (f: (a: number, b: number, c: number) => number): Kernel =>
  ([y, ...operands]) => {
    const [a, b, c] = operands.map((operand) => read(operand, y.shape));
    const { values, done } = writable(y);
    for (let i = 0; i < values.length; i++) values[i] = f(a[i], b[i], c[i]);
    done();
  };

const compare = (f: (a: number, b: number) => boolean): Kernel => zip((a, b) => (f(a, b) ? 1 : 0));

/** Integer arithmetic wraps, floating-point arithmetic does not. */
const byDType =
  (float: Kernel, integer: Kernel): Kernel =>
  (views: readonly View[], numbers) =>
    (views[0].dtype === 'int32' ? integer : float)(views, numbers);

function intPow(base: number, exponent: number): number {
  if (exponent < 0) return base === 1 ? 1 : base === -1 ? (exponent % 2 === 0 ? 1 : -1) : 0;
  let result = 1;
  for (let b = base, e = exponent; e > 0; e = Math.floor(e / 2), b = Math.imul(b, b))
    if (e % 2 === 1) result = Math.imul(result, b);
  return result;
}

/** IEEE 754's pow: 1 to any power is 1, also to NaN, and so is −1 to ±∞; JavaScript's ** gives NaN. */
const pow = (a: number, b: number): number => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b);

/** Functions that need more than a loop over what stands beside their op (`of`), or one of their own to be fast. */
export const elementwiseKernels: KernelTable = {
  square: byDType(
    map((x) => x * x),
    map((x) => Math.imul(x, x)),
  ),
  relu([y, x]) {
    const from = read(x, y.shape);
    const { values, done } = writable(y);
    for (let i = 0; i < values.length; i++) values[i] = Math.max(from[i], 0);
    done();
  },
  add: zipLoop((y, a, p, b, q) => {
    for (let i = 0; i < y.length; i++) y[i] = a[i * p] + b[i * q];
  }),
  sub: zipLoop((y, a, p, b, q) => {
    for (let i = 0; i < y.length; i++) y[i] = a[i * p] - b[i * q];
  }),
  mul: byDType(
    zipLoop((y, a, p, b, q) => {
      for (let i = 0; i < y.length; i++) y[i] = a[i * p] * b[i * q];
    }),
    zip(Math.imul),
  ),
  div: zipLoop((y, a, p, b, q) => {
    for (let i = 0; i < y.length; i++) y[i] = a[i * p] / b[i * q];
  }),
  pow: byDType(zip(pow), zip(intPow)),
  atan2: zip(Math.atan2),
  standardGammaGradient: zip(gammaSlope),
  polygamma: (views, [order]) => map((x) => polygamma(order, x))(views, []),
  maximum: zip(Math.max),
  minimum: zip(Math.min),
  step: zip((x, atZero) => (x > 0 ? 1 : x < 0 ? 0 : x === 0 ? atZero : x)),
  clamp: zipThree((x, low, high) => {
    let y = x;
    if (y < low) y = low;
    if (y > high) y = high;
    return y;
  }),
  clampGradient: zipThree((dy, x, y) => (x === y ? dy : 0)),

  eq: compare((a, b) => a === b),
  ne: compare((a, b) => a !== b),
  lt: compare((a, b) => a < b),
  le: compare((a, b) => a <= b),
  gt: compare((a, b) => a > b),
  ge: compare((a, b) => a >= b),

  where([y, condition, a, b]) {
    const holds = read(condition, y.shape);
    const left = read(a, y.shape);
    const right = read(b, y.shape);
    const { values, done } = writable(y);
    for (let i = 0; i < values.length; i++) values[i] = holds[i] ? left[i] : right[i];
    done();
  },
};
