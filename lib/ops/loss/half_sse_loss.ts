import { mul } from '../elementwise/mul.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { elementLoss } from './loss.js';

/**
 * Half of the squared error: ½ · (input − target)², reduced; its derivative is the difference. The sum of squared errors,
 * halved, is reduction 'sum'.
 *
 * @param input   [...]
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape
 * @source lecture notes 003, lines 54–56, C = ½ (a − y)²
 */
export const halfSseLoss = elementLoss('halfSseLoss', (x, t) => mul(square(sub(x, t)), 0.5));
