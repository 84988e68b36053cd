import { type Binary, binary } from './elementwise.js';

/**
 * a + b, elementwise with broadcasting.
 *
 * @param a  [...] or a number
 * @param b  [...] or a number
 * @returns  of the broadcast shape and the promoted dtype; a number takes the tensor's
 * @throws ShapeError "add: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; …"
 */
export const add: Binary = binary('add', {
  reads: ['', ''],
  backward: (dy) => [dy, dy],
  complex: 'add',
});
