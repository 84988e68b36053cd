import { type BinaryFloat, binaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { neg } from './neg.js';

/**
 * a / b, elementwise with broadcasting; integers give float32.
 */
export const div: BinaryFloat = binaryFloat('div', {
  reads: ['b', 'by'],
  backward: (dy, _a, b, y) => [() => div(dy, b), () => neg(div(mul(dy, y), b))],
});
