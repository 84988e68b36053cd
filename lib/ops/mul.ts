import { type Binary, binary } from './elementwise.js';

/**
 * a · b, elementwise with broadcasting.
 */
export const mul: Binary = binary('mul', {
  reads: ['b', 'a'],
  backward: (dy, a, b) => [() => mul(dy, b), () => mul(dy, a)],
});
