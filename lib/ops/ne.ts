import { type Comparison, comparison } from './elementwise.js';

/** a ≠ b, elementwise with broadcasting; bool. NaN differs from everything. */
export const ne: Comparison = comparison('ne');
