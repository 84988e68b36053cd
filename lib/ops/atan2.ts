import { add } from './add.js';
import { div } from './div.js';
import { type BinaryFloat, binaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { neg } from './neg.js';

/**
 * The angle of the point (b, a) in radians, −π … π: atan(a / b) in the right quadrant. Elementwise with broadcasting.
 */
export const atan2: BinaryFloat = binaryFloat('atan2', {
  reads: ['ab', 'ab'],
  backward: (dy, a, b) => {
    const scaled = div(dy, add(mul(a, a), mul(b, b)));
    return [() => mul(scaled, b), () => neg(mul(scaled, a))];
  },
});
