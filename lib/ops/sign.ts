import { type UnarySame, unarySame } from './elementwise.js';

/**
 * −1, 0 or 1, elementwise; NaN stays NaN. Derivative 0.
 */
export const sign: UnarySame = unarySame('sign', {
  saves: 'nothing',
  backward: null,
});
