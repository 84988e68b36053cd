import { digamma } from 'adjoint';
import { unary } from '../../elementwise.js';

/** ψ(x) = log x − 1 / (2x) − 1 / (12x²) + … from 1000 on; below 0 by reflection. */
function of(x: number): number {
  if (x === 0) return -1 / x;
  if (x < 0) return Number.isInteger(x) || x === -Infinity ? Number.NaN : of(1 - x) - Math.PI / Math.tan(Math.PI * x);
  let below = 0;
  for (; x < 1000; x += 1) below += 1 / x;
  return Math.log(x) - 0.5 / x - 1 / (12 * x * x) - below;
}

unary('digamma', digamma, {
  of,
  ranges: [
    [1, 4],
    [-1.8, -1.2],
  ],
  also: [0.25, 9.5, 100.25, 1e5, 1e30, -0.25],
});
