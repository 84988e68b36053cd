import { type Binary, binary } from './elementwise.js';

/**
 * a + b, elementwise with broadcasting.
 */
export const add: Binary = binary('add', {
  reads: ['', ''],
  backward: (dy) => [dy, dy],
});
