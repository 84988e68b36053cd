import { type UnarySame, unarySame } from './elementwise.js';
import { mul } from './mul.js';

/**
 * x², elementwise.
 */
export const square: UnarySame = unarySame('square', {
  saves: 'input',
  backward: (dy, x) => mul(dy, mul(x, 2)),
});
