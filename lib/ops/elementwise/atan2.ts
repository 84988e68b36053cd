import { add } from './add.js';
import { div } from './div.js';
import { type BinaryFloat, binaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { neg } from './neg.js';

/**
 * The angle of the point (b, a) in radians, −π … π: atan(a / b) in the right quadrant. Elementwise with broadcasting.
 *
 * @param a  [...] or a number
 * @param b  [...] or a number
 * @returns  of the broadcast shape and the promoted dtype; integers give float32
 * @throws ShapeError "atan2: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; …"
 */
export const atan2: BinaryFloat = binaryFloat('atan2', {
  reads: ['ab', 'ab'],
  backward: (dy, a, b) => {
    const scaled = div(dy, add(mul(a, a), mul(b, b)));
    return [() => mul(scaled, b), () => neg(mul(scaled, a))];
  },
});
