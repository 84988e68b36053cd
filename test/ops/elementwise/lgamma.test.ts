import { lgamma } from 'adjoint';
import { unary } from '../../elementwise.js';
import { logGamma } from '../../statistics.js';

/** Factorials of whole numbers; below 0 by reflection. */
function of(x: number): number {
  if (Number.isInteger(x) && x < 20)
    return x < 1 ? Infinity : Math.log([...Array(x).keys()].reduce((p, k) => p * (k || 1), 1));
  if (x > 0) return x > 1e15 ? x * (Math.log(x) - 1) : logGamma(x);
  return x === -Infinity ? Infinity : Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
}

unary('lgamma', lgamma, {
  of,
  ranges: [
    [0.4, 4],
    [-1.8, -1.2],
  ],
  also: [9.5, 100.25, 1e5, 1e30, 171.5],
});
