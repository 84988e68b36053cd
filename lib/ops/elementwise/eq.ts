import { type Comparison, comparison } from './elementwise.js';

/**
 * a = b, elementwise with broadcasting. NaN equals nothing.
 *
 * @param a  [...] or a number
 * @param b  [...] or a number
 * @returns  bool, of the broadcast shape
 * @throws ShapeError "eq: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; …"
 */
export const eq: Comparison = comparison('eq', 'min');
