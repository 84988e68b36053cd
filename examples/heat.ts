/*
 * The heat equation u_t = κ u_xx on 0 ≤ x ≤ 1, 0 ≤ t ≤ 1 with κ = 0.1, ends at 0 and two modes at the start: a network learns
 * the temperature from the equation. Fourier's solution:
 *
 *     u(x, t) = e^(−κπ²t) sin πx + ½ e^(−9κπ²t) sin 3πx
 *
 * Relative L2 error below 1e-3.
 *
 *     npx tsx examples/heat.ts [--seed N]        # ten seconds; figures go to runs/heat
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { concat, rand, seed, square, type Tensor } from 'adjoint';
import { compare, derivatives, drawLosses, network, train } from './physics_informed.js';

const { values: given } = parseArgs({ options: { seed: { type: 'string', default: '1' } } });
seed(Number(given.seed));

const dtype = 'float64';
const kappa = 0.1;
const solution = (x: number, t: number): number =>
  Math.exp(-kappa * Math.PI ** 2 * t) * Math.sin(Math.PI * x) +
  0.5 * Math.exp(-9 * kappa * Math.PI ** 2 * t) * Math.sin(3 * Math.PI * x);

// Right at the start and at both ends, whatever the network says (Lagaris, Likas, Fotiadis 1998, arXiv:physics/9705023).
const model = network(2, 20, 3, { dtype });
const u = (x: Tensor, t: Tensor): Tensor => {
  const start = x
    .mul(Math.PI)
    .sin()
    .add(
      x
        .mul(3 * Math.PI)
        .sin()
        .mul(0.5),
    );
  const free = model.forward(concat([x, t], 1).mul(2).sub(1));
  return start.add(t.mul(x).mul(x.neg().add(1)).mul(free));
};

const losses = train(
  model.parameters(),
  ({ x, t }) => {
    const { ut, uxx } = derivatives(u, x, t);
    return square(ut.sub(uxx.mul(kappa))).mean();
  },
  () => ({ x: rand([500, 1], { dtype }), t: rand([500, 1], { dtype }) }),
  { adam: 500, lr: 5e-3, rounds: 1, iterations: 1500 },
);

await drawLosses('heat', losses);
const error = await compare('heat', u, solution, [0, 1]);
console.log(`relative L2 error ${error.toExponential(2)}`);
assert.ok(error < 1e-3, 'relative L2 error below 1e-3');
