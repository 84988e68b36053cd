import { sizeOf } from '../../core/shape.js';
import { type Kernel, type KernelTable, read, writable } from './loops.js';

/* Arithmetic of complex numbers, pairs [..., 2] of real and imaginary part. */

type Pair = readonly [re: number, im: number];

/** A kernel of one or two operands that broadcast to the result, from a function on numbers. */
const onPairs =
  (f: (a: Pair, b: Pair) => Pair): Kernel =>
  ([y, ...operands]) => {
    const { values, done } = writable(y);
    const [a, b = a] = operands.map((operand) => read(operand, y.shape));
    for (let i = 0; i < sizeOf(y.shape); i += 2) {
      [values[i], values[i + 1]] = f([a[i], a[i + 1]], [b[i], b[i + 1]]);
    }
    done();
  };

export const complexKernels: KernelTable = {
  complexMul: onPairs(([a, b], [c, d]) => [a * c - b * d, a * d + b * c]),
  // Smith 1962, "Algorithm 116: Complex division", Communications of the ACM 5: neither |b|² overflows nor vanishes.
  complexDiv: onPairs(([a, b], [c, d]) => {
    if (Math.abs(c) >= Math.abs(d)) {
      const ratio = c === 0 ? 0 : d / c;
      const divisor = c + d * ratio;
      return [(a + b * ratio) / divisor, (b - a * ratio) / divisor];
    }
    const ratio = c / d;
    const divisor = d + c * ratio;
    return [(a * ratio + b) / divisor, (b * ratio - a) / divisor];
  }),
  conj: onPairs(([a, b]) => [a, -b]),
  complexAbs: ([y, x]) => {
    const { values, done } = writable(y);
    const pairs = read(x);
    for (let i = 0; i < sizeOf(y.shape); i++) values[i] = Math.hypot(pairs[2 * i], pairs[2 * i + 1]);
    done();
  },
};
