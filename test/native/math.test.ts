import {
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  backend,
  cos,
  cosh,
  digamma,
  erf,
  exp,
  expm1,
  gelu,
  lgamma,
  log,
  log1p,
  log2,
  pow,
  setBackend,
  sigmoid,
  sin,
  sinh,
  softplus,
  type Tensor,
  tan,
  tanh,
  tensor,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import * as exactly from '../../lib/backend/reference/gamma.js';

/* The bounds that native/simd/math.h states, held on a sample of float32 that steps through all exponents, both signs. */

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** Every float32 whose pattern is a multiple of a prime: about 26,000, all exponents, both signs, denormals. */
const dense: Float32Array = (() => {
  const values: number[] = [];
  for (let pattern = 0; pattern < 2 ** 32; pattern += 163_841) {
    bits[0] = pattern | 0;
    values.push(float[0]);
  }
  return Float32Array.from(values);
})();

/** Where functions bend and round worst: −10 … 10 evenly, and both sides of 1. */
const central = Float32Array.from({ length: 20_000 }, (_, i) => (i - 10_000) / 1000 + 1.3e-4);
const extremes = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1.4e-45,
  -1.4e-45,
  1e-40,
  1.17549435e-38,
  3.4028235e38,
  -3.4028235e38,
];
const sample = Float32Array.from([...dense, ...central, ...extremes]);

/** The distance of a float32 from a float64 value, in units of the value's last place. */
function ulps(actual: number, exact: number): number {
  const rounded = Math.fround(exact);
  if (Object.is(actual, rounded) || (Number.isNaN(actual) && Number.isNaN(exact))) {
    return Number.isFinite(rounded) ? Math.abs(actual - exact) / lastPlace(exact) : 0;
  }
  return Number.isFinite(actual) && Number.isFinite(exact) ? Math.abs(actual - exact) / lastPlace(exact) : Infinity;
}

function lastPlace(exact: number): number {
  const magnitude = Math.abs(exact);
  const exponent = magnitude < 2 ** -126 ? -126 : Math.min(Math.floor(Math.log2(magnitude)), 127);
  return 2 ** (exponent - 23);
}

const softplusOf = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoidOf = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/** float64 from the C library. */
const erf64 = (x: Float32Array): ArrayLike<number> => erf(tensor(Float64Array.from(x))).data();

const bounds: { name: string; op: (x: Tensor) => Tensor; exact: (x: number) => number; bound: number }[] = [
  { name: 'exp', op: exp, exact: Math.exp, bound: 1 },
  { name: 'expm1', op: expm1, exact: Math.expm1, bound: 2 },
  { name: 'log', op: log, exact: Math.log, bound: 1 },
  { name: 'log2', op: log2, exact: Math.log2, bound: 2 },
  { name: 'log1p', op: log1p, exact: Math.log1p, bound: 1 },
  { name: 'tanh', op: tanh, exact: Math.tanh, bound: 2 },
  { name: 'sigmoid', op: sigmoid, exact: sigmoidOf, bound: 2 },
  { name: 'softplus', op: softplus, exact: softplusOf, bound: 2 },
  { name: 'sin', op: sin, exact: Math.sin, bound: 1.6 },
  { name: 'cos', op: cos, exact: Math.cos, bound: 1.6 },
  { name: 'tan', op: tan, exact: Math.tan, bound: 2 },
  { name: 'asin', op: asin, exact: Math.asin, bound: 2 },
  { name: 'acos', op: acos, exact: Math.acos, bound: 2 },
  { name: 'atan', op: atan, exact: Math.atan, bound: 2 },
  { name: 'sinh', op: sinh, exact: Math.sinh, bound: 2 },
  { name: 'cosh', op: cosh, exact: Math.cosh, bound: 2 },
  { name: 'asinh', op: asinh, exact: Math.asinh, bound: 1 },
  { name: 'acosh', op: acosh, exact: Math.acosh, bound: 1 },
  { name: 'atanh', op: atanh, exact: Math.atanh, bound: 1 },
];

setBackend('native');
describe.each(backend().isas)('float32 functions on %s', (isa) => {
  it.each(bounds)('$name stays within $bound ULP', ({ op, exact, bound }) => {
    setBackend('native', { isa });
    const y = op(tensor(sample)).data();
    let worst = 0;
    let at = 0;
    for (let i = 0; i < sample.length; i++) {
      const error = ulps(y[i], exact(sample[i]));
      if (error > worst) [worst, at] = [error, sample[i]];
    }
    expect(worst, `at ${at}`).toBeLessThanOrEqual(bound);
  });

  it('erf stays within 2 ULP', () => {
    setBackend('native', { isa });
    const y = erf(tensor(sample)).data();
    const exact = erf64(sample);
    let worst = 0;
    for (let i = 0; i < sample.length; i++) worst = Math.max(worst, ulps(y[i], exact[i]));
    expect(worst).toBeLessThanOrEqual(2);
  });

  it('gelu stays within 10 ULP between −4 and 4', () => {
    setBackend('native', { isa });
    const x = central.filter((value) => Math.abs(value) <= 4);
    const y = gelu(tensor(x)).data();
    const exact = gelu(tensor(Float64Array.from(x))).data();
    let worst = 0;
    for (let i = 0; i < x.length; i++) worst = Math.max(worst, ulps(y[i], exact[i]));
    expect(worst).toBeLessThanOrEqual(10);
  });

  it.each([
    { name: 'lgamma', op: lgamma, exact: exactly.lgamma, relative: true },
    { name: 'digamma', op: digamma, exact: exactly.digamma, relative: false },
  ])('$name stays within 1 ULP of the value, of 1 where that is small', ({ op, exact, relative }) => {
    setBackend('native', { isa });
    const y = op(tensor(sample)).data();
    let worst = 0;
    let at = 0;
    for (let i = 0; i < sample.length; i++) {
      const value = exact(sample[i]);
      const small = Math.abs(value) < 1 && !(relative && sample[i] > 0);
      const error = small ? Math.abs(y[i] - value) / lastPlace(1) : ulps(y[i], value);
      if (error > worst) [worst, at] = [error, sample[i]];
    }
    expect(worst, `at ${at}`).toBeLessThanOrEqual(1);
  });

  it('pow stays within 1 ULP', () => {
    setBackend('native', { isa });
    const a = Float32Array.from(central, (x, i) => (i % 3 === 0 ? 10 ** x : i % 3 === 1 ? Math.abs(x) : x));
    const b = Float32Array.from(central, (_, i) => (i % 3 === 2 ? (i % 41) - 20 : ((i * 7919) % 1000) / 50 - 10));
    const y = pow(tensor(a), tensor(b)).data();
    let worst = 0;
    for (let i = 0; i < a.length; i++) worst = Math.max(worst, ulps(y[i], a[i] ** b[i]));
    expect(worst).toBeLessThanOrEqual(1);
  });

  it("atan2 stays within 2 ULP, with IEEE 754's signs at the ends", () => {
    setBackend('native', { isa });
    const ends = [0, -0, 1, -1, 3.4e38, -1e-40, Infinity, -Infinity, NaN];
    const pairs = ends.flatMap((a) => ends.map((b) => [a, b]));
    const a = Float32Array.from([...central.map((x, i) => (i % 2 === 0 ? x : 1000 * x)), ...pairs.map(([a]) => a)]);
    const b = Float32Array.from([
      ...central.map((_, i) => ((i * 7919) % 20_011) / 1000 - 10),
      ...pairs.map(([, b]) => b),
    ]);
    const y = atan2(tensor(a), tensor(b)).data();
    for (let i = 0; i < a.length; i++) {
      const exact = Math.atan2(a[i], b[i]);
      expect(ulps(y[i], exact), `at ${a[i]}, ${b[i]}`).toBeLessThanOrEqual(2);
      if (exact === 0) expect(Object.is(y[i], exact), `the sign at ${a[i]}, ${b[i]}`).toBe(true);
    }
  });
});
