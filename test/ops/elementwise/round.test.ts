import { round } from 'adjoint';
import { unary } from '../../elementwise.js';

/** Halves to the even neighbour. */
function halfEven(x: number): number {
  const below = Math.floor(x);
  const fraction = x - below;
  if (!Number.isFinite(x)) return x;
  return fraction < 0.5 || (fraction === 0.5 && below % 2 === 0) ? below : below + 1;
}

unary('round', round, {
  of: halfEven,
  ranges: [[-9, 9]],
  differentiable: false,
  also: [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999997, 8388607.5, 16777216, -1.2],
});
