import { type Comparison, comparison } from './elementwise.js';

/** a < b, elementwise with broadcasting; bool. False where either is NaN. */
export const lt: Comparison = comparison('lt');
