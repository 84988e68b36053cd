import { eye, grad, type NestedArray, Tensor, tensor } from 'adjoint';
import { expect } from 'vitest';

/*
 * Five sets of lecture notes state results on derivatives; tests hold them, named by number and line, in float64.
 * Where a printed formula is wrong, the name says so and the test holds what is right. 000: Lieu, Moss, Rose, "Machine
 * learning in science, part II". 001: Menkovski, Koop, Minartz, "Deep learning". 002: Hutchinson, "Applied deep
 * learning". 003: Hjorth-Jensen, "Advanced machine learning and data analysis for the physical sciences". 004: Nanni,
 * "Deep learning".
 */

export const d = (values: NestedArray): Tensor => tensor(values, { dtype: 'float64' });

export function close(actual: Tensor, expected: Tensor | NestedArray, tolerance = 1e-12): void {
  const wanted = expected instanceof Tensor ? expected : d(expected);
  expect(actual.shape).toEqual(wanted.shape);
  const values = wanted.data();
  actual.data().forEach((value: number, i: number) => {
    expect(Math.abs(value - values[i]), `element ${i}: ${value} and ${values[i]}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(values[i])),
    );
  });
}

export type Scalar = (x: Tensor) => Tensor;
/** f′(x) of a function of one number. */
export const at = (f: Scalar, x: number): Tensor => grad(f)(d(x));
export const diagonal = (x: Tensor): Tensor => eye(x.size, x.size, { dtype: 'float64' }).mul(x);
export const [first, second] = [(x: Tensor): Tensor => x.slice(0), (x: Tensor): Tensor => x.slice(1)];

/** Lecture notes 000, lines 220 and 226: the four cases behind a column of ones, and what the gates make of them. */
export const gates = {
  x: d([
    [1, 0, 0],
    [1, 0, 1],
    [1, 1, 0],
    [1, 1, 1],
  ]),
  and: d([0, 0, 0, 1]),
  xor: d([0, 1, 1, 0]),
};
