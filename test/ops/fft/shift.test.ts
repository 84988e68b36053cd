import { fft, type Tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { complexes } from '../../complex.js';
import { type Plain, spec } from '../../harness.js';

/** Elements of a row moved by `places`. */
const moved =
  (places: (n: number) => number) =>
  ([{ shape, data }]: Plain[], axis: number): Plain => {
    const step = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const n = shape[axis];
    const from = (at: number): number => {
      const j = Math.floor(at / step) % n;
      return at + ((((j - places(n)) % n) + n) % n) * step - j * step;
    };
    return { shape, data: data.map((_, at) => data[from(at)]) };
  };

const samples = [
  { operands: [{ shape: [5] }], args: [0] },
  { operands: [{ shape: [4] }], args: [0] },
  { operands: [{ shape: [2, 5, 2] }], args: [1] },
];
spec('fftshift', fft.fftshift, { reference: moved((n) => Math.floor(n / 2)), samples });
spec('ifftshift', fft.ifftshift, { reference: moved((n) => -Math.floor(n / 2)), samples });

it('shifts move all axes, and complex numbers', () => {
  const z: Tensor = complexes([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  expect([...fft.fftshift(z).data()]).toEqual([5, 6, 1, 2, 3, 4]);
  expect(fft.ifftshift(fft.fftshift(z)).toArray()).toEqual(z.toArray());
});
