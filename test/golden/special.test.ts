import { digamma, erfinv, lgamma, polygamma, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { run } from '../../lib/backend/index.js';
import { engines } from '../harness.js';
import { read } from './golden.js';

/* The bounds that the gamma function's family states, by mpmath's values, made by special.py beside this file. */

interface Values {
  name: string;
  a?: number[];
  x: number[];
  value: number[];
}

const cases = read<Values>('special');

/** From where on the error of float64 is relative: everywhere, or above 1, as where a function passes through 0. */
type Above = (x: number) => number;
const everywhere: Above = () => 0;
const one: Above = () => 1;

const claims: Record<string, { of: (x: Tensor, a: Tensor) => Tensor; bound: number; above: Above }> = {
  lgamma: { of: lgamma, bound: 4e-15, above: (x) => (x > 0 ? 0 : 1) },
  digamma: { of: digamma, bound: 4e-15, above: one },
  erfinv: { of: erfinv, bound: 1e-15, above: everywhere },
  // Below 0, where the poles are near, they are good to 4e-14.
  ...Object.fromEntries(
    [1, 2, 3, 8].map((n) => [
      `polygamma ${n}`,
      { of: (x: Tensor) => polygamma(n, x), bound: 4e-15, above: (x: number) => (x > 0 ? 0 : 10) },
    ]),
  ),
  standardGammaGradient: {
    of: (x, a) => {
      const y = tensor(new Float64Array(x.size)).to(x.dtype) as Tensor;
      run('standardGammaGradient', [y, a, x]);
      return y;
    },
    bound: 1e-12,
    above: everywhere,
  },
};

describe.each(engines)('special functions on $name', ({ use }) => {
  it.each(cases)('$name', ({ name, a = [], x, value }) => {
    use();
    const { of, bound, above } = claims[name];
    for (const dtype of ['float64', 'float32'] as const) {
      const found = of(tensor(x, { dtype }), tensor(a, { dtype })).to('float64').data();
      value.forEach((exact, i) => {
        // float32 is rounded from float64: half a unit of its last place, which of a denormal is 2⁻¹⁴⁹.
        const rounding = dtype === 'float32' ? Math.max(2 ** -24 * Math.abs(exact) * (1 + 1e-6), 2 ** -150) : 0;
        const room = rounding + bound * Math.max(above(x[i]), Math.abs(exact));
        expect(Math.abs(found[i] - exact), `${name} of ${a[i] ?? ''} ${x[i]} in ${dtype}`).toBeLessThanOrEqual(room);
      });
    }
  });
});
