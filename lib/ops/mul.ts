import { type Binary, binary } from './elementwise.js';

/**
 * a · b, elementwise with broadcasting.
 */
export const mul: Binary = binary('mul', {
  saves: 'both',
  backward: (dy, a, b) => [() => mul(dy, b), () => mul(dy, a)],
});
