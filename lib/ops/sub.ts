import { type Binary, binary } from './elementwise.js';
import { neg } from './neg.js';

/**
 * a − b, elementwise with broadcasting.
 */
export const sub: Binary = binary('sub', {
  reads: ['', ''],
  backward: (dy) => [dy, () => neg(dy)],
});
