import { type Tensor, tensor, viewAsComplex, viewAsReal } from 'adjoint';
import type { Plain } from './harness.js';

/* What the tests of complex numbers share: specs see pairs [..., 2] of real and imaginary part. */

/** An op on complex numbers as one on pairs; a result that is real stays. */
export const onPairs =
  (op: (...operands: any[]) => Tensor) =>
  (...args: any[]): Tensor => {
    const given = args.map((arg) => (isPairs(arg) ? viewAsComplex(arg) : arg));
    return asPairs(op(...given));
  };

/** Complex numbers as pairs, real ones as they are. */
export const asPairs = (x: Tensor): Tensor => (x.dtype === 'complex64' || x.dtype === 'complex128' ? viewAsReal(x) : x);

const isPairs = (arg: unknown): arg is Tensor => typeof arg === 'object' && arg !== null && 'storage' in arg;

export type Pair = readonly [re: number, im: number];

/** Pairs out of a plain array of them. */
export const pairsOf = ({ data }: Plain): Pair[] =>
  Array.from({ length: data.length / 2 }, (_, i): Pair => [data[2 * i], data[2 * i + 1]]);

/** A reference for a function of one complex number. */
export const eachPair =
  (f: (z: Pair) => Pair) =>
  ([x]: Plain[]): Plain => ({ shape: x.shape, data: pairsOf(x).flatMap(f) });

/** A reference for one with a real result. */
export const eachPairToReal =
  (f: (z: Pair) => number) =>
  ([x]: Plain[]): Plain => ({ shape: x.shape.slice(0, -1), data: pairsOf(x).map(f) });

/** A complex tensor of pairs. */
export const complexes = (pairs: readonly Pair[], dtype: 'float32' | 'float64' = 'float64'): Tensor =>
  viewAsComplex(tensor(Float64Array.from(pairs.flat()), { shape: [pairs.length, 2] }).to(dtype) as Tensor);

/** Σⱼ xⱼ e^(sign · 2πi jk / n) along an axis of pairs [..., 2], by the definition. */
export function dft({ shape, data }: Plain, axis: number, sign: number, scale = 1): Plain {
  const n = shape[axis];
  const step = 2 * shape.slice(axis + 1, -1).reduce((a, b) => a * b, 1);
  const y = new Array<number>(data.length).fill(0);
  for (let at = 0; at < data.length; at += 2) {
    const k = Math.floor(at / step) % n;
    const first = at - k * step;
    for (let j = 0; j < n; j++) {
      const turn = (2 * Math.PI * ((j * k) % n)) / n;
      const [c, s] = [Math.cos(turn), sign * Math.sin(turn)];
      const [re, im] = [data[first + j * step], data[first + j * step + 1]];
      y[at] += scale * (re * c - im * s);
      y[at + 1] += scale * (re * s + im * c);
    }
  }
  return { shape, data: y };
}
