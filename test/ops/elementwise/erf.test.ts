import { erf as erfOp } from 'adjoint';
import { unary } from '../../elementwise.js';

/** 2/√π · ∫₀ˣ e^(−t²) dt by Simpson's rule on 2000 intervals. */
function erf(x: number): number {
  if (Number.isNaN(x) || Math.abs(x) > 6) return Math.sign(x);
  const n = 2000;
  const h = x / n;
  const f = (i: number): number => Math.exp(-((i * h) ** 2));
  let total = f(0) + f(n);
  for (let i = 1; i < n; i++) total += (i % 2 === 1 ? 4 : 2) * f(i);
  return (2 / Math.sqrt(Math.PI)) * (h / 3) * total;
}

unary('erf', erfOp, { of: erf, also: [1e-8, 4, -4, 6] });
