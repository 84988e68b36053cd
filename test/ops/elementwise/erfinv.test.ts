import { erfinv } from 'adjoint';
import { unary } from '../../elementwise.js';

/** erf y = 2/√π · e^(−y²) Σ 2ᵏ y²ᵏ⁺¹ / (1 · 3 ⋯ (2k + 1)). */
function erf(y: number): number {
  let term = y;
  let total = y;
  for (let k = 1; term > 1e-17 * total; k++) {
    term *= (2 * y * y) / (2 * k + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-y * y) * total;
}

/** By Newton's method from 0, which comes nearer from one side since erf is concave. */
function of(x: number): number {
  if (!(Math.abs(x) < 1)) return Math.abs(x) === 1 ? x * Infinity : Number.NaN;
  let y = 0;
  for (let i = 0; i < 60; i++) y += (Math.abs(x) - erf(y)) * (Math.sqrt(Math.PI) / 2) * Math.exp(y * y);
  return x === 0 ? x : Math.sign(x) * y;
}

unary('erfinv', erfinv, { of, ranges: [[-0.8, 0.8]], also: [1e-8, 0.9, -0.97, 0.99, 1, -1], whole: [0, 1] });
