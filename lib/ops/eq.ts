import { type Comparison, comparison } from './elementwise.js';

/** a = b, elementwise with broadcasting; bool. NaN equals nothing. */
export const eq: Comparison = comparison('eq');
