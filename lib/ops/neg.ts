import { type UnarySame, unarySame } from './elementwise.js';

/**
 * −x, elementwise.
 */
export const neg: UnarySame = unarySame('neg', {
  saves: 'nothing',
  backward: (dy) => neg(dy),
});
