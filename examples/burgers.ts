/*
 * Burgers' equation u_t + u u_x = ν u_xx on −1 ≤ x ≤ 1, 0 ≤ t ≤ 1 with ν = 0.01/π, u(0, x) = −sin πx and u(t, ±1) = 0. Fluid
 * runs towards the middle from both sides and piles up there to a front 0.01 wide. A network learns u from the equation;
 * the solution that it is compared with is Cole's and Hopf's, by quadrature. Relative L2 error below 1e-2.
 *
 *     npx tsx examples/burgers.ts [--seed N]        # a minute; figures go to runs/burgers
 *     npx tsx examples/burgers.ts --short           # a quarter of a minute, for an error below 1e-1
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { arange, concat, rand, seed, square, type Tensor } from 'adjoint';
import { burgersSolution } from './burgers_reference.js';
import { compare, derivatives, drawLosses, network, train } from './physics_informed.js';

const { values: given } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, short: { type: 'boolean', default: false } },
});
seed(Number(given.seed));

const nu = 0.01 / Math.PI;

// Right at the start and at both ends, whatever the network says (Lagaris, Likas, Fotiadis 1998, arXiv:physics/9705023).
const model = network(2, 32, 4, { dtype: 'float32' });
const u = (x: Tensor, t: Tensor): Tensor => {
  const free = model.forward(concat([x, t.mul(2).sub(1)], 1));
  return t.mul(square(x).neg().add(1)).mul(free).sub(x.mul(Math.PI).sin());
};

/** A random point in each cell of a grid, whose cells are narrower the nearer they are to x = 0, where the front is. */
function sample(): { x: Tensor; t: Tensor } {
  const [columns, rows] = [50, 40];
  const s = arange(columns)
    .reshape([columns, 1])
    .add(rand([columns, rows]))
    .mul(2 / columns)
    .sub(1);
  const t = arange(rows)
    .add(rand([columns, rows]))
    .div(rows);
  return { x: s.mul(s.abs()).reshape([columns * rows, 1]), t: t.reshape([columns * rows, 1]) };
}

const losses = train(
  model.parameters(),
  ({ x, t }) => {
    const { u: value, ux, ut, uxx } = derivatives(u, x, t);
    return square(ut.add(value.mul(ux)).sub(uxx.mul(nu))).mean();
  },
  sample,
  given.short
    ? { adam: 300, lr: 5e-3, rounds: 1, iterations: 800 }
    : { adam: 500, lr: 5e-3, rounds: 4, iterations: 1000 },
);

await drawLosses('burgers', losses);
const error = await compare('burgers', u, burgersSolution(nu), [-1, 1]);
console.log(`relative L2 error ${error.toExponential(2)}`);
const bound = given.short ? 1e-1 : 1e-2;
assert.ok(error < bound, `relative L2 error below ${bound}`);
