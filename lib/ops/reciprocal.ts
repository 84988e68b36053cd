import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { neg } from './neg.js';

/**
 * 1 / x, elementwise.
 */
export const reciprocal: UnaryFloat = unaryFloat('reciprocal', {
  saves: 'result',
  backward: (dy, y) => neg(mul(dy, mul(y, y))),
});
