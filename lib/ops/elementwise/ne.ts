import { type Comparison, comparison } from './elementwise.js';

/**
 * a ≠ b, elementwise with broadcasting. NaN differs from everything.
 *
 * @param a  [...] or a number
 * @param b  [...] or a number
 * @returns  bool, of the broadcast shape
 * @throws ShapeError "ne: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; …"
 */
export const ne: Comparison = comparison('ne', 'max');
