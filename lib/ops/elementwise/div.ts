import { kernel } from '../../backend/index.js';
import { conj } from '../complex/conj.js';
import { type BinaryFloat, binaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { neg } from './neg.js';

kernel('complexDiv', { flops: 5 });

/**
 * a / b, elementwise with broadcasting.
 *
 * @param a  [...] or a number
 * @param b  [...] or a number
 * @returns  of the broadcast shape and the promoted dtype; integers give float32
 * @throws ShapeError "div: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; …"
 */
export const div: BinaryFloat = binaryFloat('div', {
  reads: ['b', 'by'],
  backward: (dy, _a, b, y) => [() => div(dy, conj(b)), () => neg(div(mul(dy, conj(y)), conj(b)))],
  complex: 'complexDiv',
});
