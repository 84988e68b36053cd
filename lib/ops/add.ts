import { type Binary, binary } from './elementwise.js';

/**
 * a + b, elementwise with broadcasting.
 */
export const add: Binary = binary('add', {
  saves: 'nothing',
  backward: (dy) => [dy, dy],
});
