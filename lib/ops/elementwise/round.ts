import { type UnaryFloat, unaryFloat } from './elementwise.js';

/** Rounds halves to the even neighbour, as IEEE 754 and NumPy do; Math.round takes them up. */
function halfToEven(x: number): number {
  const r = Math.round(x);
  return r - x === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

/**
 * The nearest whole number, elementwise; halves go to the even one. Derivative 0.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const round: UnaryFloat = unaryFloat('round', {
  of: halfToEven,
  saves: 'nothing',
  backward: null,
});
