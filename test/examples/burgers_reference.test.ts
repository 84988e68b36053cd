import { expect, it } from 'vitest';
import { burgersSolution, gaussHermite } from '../../examples/burgers_reference.js';

const nu = 0.01 / Math.PI;

it('integrates polynomials against e^(−z²)', () => {
  const { nodes, weights } = gaussHermite(20);
  // ∫ z²ᵏ e^(−z²) dz = √π (2k − 1)!! / 2ᵏ
  let moment = Math.sqrt(Math.PI);
  for (let k = 0; k < 20; k++) {
    const sum = nodes.reduce((total, z, i) => total + weights[i] * z ** (2 * k), 0);
    expect(Math.abs(sum / moment - 1)).toBeLessThan(1e-12);
    moment *= (2 * k + 1) / 2;
  }
});

it('does not depend on the number of nodes', () => {
  const [coarse, fine] = [burgersSolution(nu), burgersSolution(nu, 200)];
  for (let t = 0; t <= 1; t += 0.05) {
    for (let x = -1; x <= 1; x += 1 / 64) expect(Math.abs(coarse(x, t) - fine(x, t))).toBeLessThan(1e-12);
  }
});

it('begins with −sin πx, is 0 at both ends and satisfies the equation', () => {
  const u = burgersSolution(nu);
  const h = 1e-3;
  for (const x of [-0.9, -0.5, -0.2, 0.3, 0.7]) {
    expect(u(x, 0)).toBeCloseTo(-Math.sin(Math.PI * x), 14);
    for (const t of [0.1, 0.4, 0.9]) {
      expect(Math.abs(u(1, t)) + Math.abs(u(-1, t))).toBeLessThan(1e-12);
      // Differences of fourth order.
      const slope = (f: (d: number) => number) => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
      const uxx = slope((d) => slope((e) => u(x + d + e, t)));
      const residual = slope((d) => u(x, t + d)) + u(x, t) * slope((d) => u(x + d, t)) - nu * uxx;
      expect(Math.abs(residual)).toBeLessThan(1e-6);
    }
  }
});

it('is steepest where the literature says: |u_x| = 152.00516 at t = 1.6037 / π', () => {
  const u = burgersSolution(nu);
  const slope = (t: number): number => (u(-1e-6, t) - u(1e-6, t)) / 2e-6;
  const times = Array.from({ length: 201 }, (_, i) => (1.5937 + i * 1e-4) / Math.PI);
  const steepest = times.reduce((best, t) => (slope(t) > slope(best) ? t : best));
  expect(steepest * Math.PI).toBeCloseTo(1.6037, 3);
  expect(slope(steepest)).toBeCloseTo(152.00516, 4);
});
