/*
 * A damped mass on a spring, m u″ + d u′ + k u = 0 with u(0) = 1, u′(0) = 0: a network learns the motion from the equation
 * alone. In s = ω₀ t with ω₀ = √(k/m) and ζ = d / 2√(km) the equation is
 *
 *     u″ + 2ζ u′ + u = 0,    u(s) = e^(−ζs) (cos ωs + ζ/ω sin ωs),    ω = √(1 − ζ²)
 *
 * m = 1, d = 4, k = 400 on 0 ≤ t ≤ 1 give ζ = 0.1 and 0 ≤ s ≤ 20: three swings. Relative L2 error below 1e-3.
 *
 *     npx tsx examples/oscillator.ts [--seed N]        # ten seconds; figures go to runs/oscillator
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { grad, linspace, noGrad, seed, square, type Tensor } from 'adjoint';
import { lineChart } from 'adjoint/plot';
import { column, drawLosses, keep, network, relativeError, train } from './physics_informed.js';

const { values: given } = parseArgs({ options: { seed: { type: 'string', default: '1' } } });
seed(Number(given.seed));

const dtype = 'float64';
const [m, d, k] = [1, 4, 400];
const frequency = Math.sqrt(k / m);
const zeta = d / (2 * Math.sqrt(k * m));
const omega = Math.sqrt(1 - zeta ** 2);
const exact = (s: number) => Math.exp(-zeta * s) * (Math.cos(omega * s) + (zeta / omega) * Math.sin(omega * s));

const model = network(1, 32, 2, { dtype, steepness: 8 });
const u = (s: Tensor): Tensor => model.forward(s.mul(2 / frequency).sub(1));
// A row of u depends on that row of s alone, so the gradient of the sum holds every row's derivative.
const du = grad((s: Tensor) => u(s).sum());
const d2u = grad((s: Tensor) => du(s).sum());

const start = column([0]);
const s = linspace(0, frequency, 100, { dtype }).reshape([100, 1]);
const losses = train(
  model.parameters(),
  (s: Tensor) => {
    const residual = d2u(s)
      .add(du(s).mul(2 * zeta))
      .add(u(s));
    const initial = square(u(start).sub(1)).add(square(du(start)));
    return square(residual).mean().add(initial.sum());
  },
  () => s,
  { adam: 500, lr: 5e-3, rounds: 1, iterations: 2000 },
);

const times = Array.from({ length: 501 }, (_, i) => i / 500);
const truth = times.map((t) => exact(frequency * t));
const learnt = noGrad(() => u(column(times).mul(frequency))).data();
const series = [
  { name: 'network', points: times.map((t, i): [number, number] => [t, learnt[i]]) },
  {
    name: 'solution',
    points: times.map((t): [number, number] => [t, exact(frequency * t)]).filter((_, i) => i % 5 === 0),
    dots: true,
  },
];
const wrong = times.map((t, i): [number, number] => [t, Math.abs(learnt[i] - truth[i])]);
const x = { label: 't' };
await keep('oscillator', 'solution', lineChart({ title: 'Damped oscillation', x, y: { label: 'u' }, series }));
const y = { label: '|u − solution|', log: true };
await keep(
  'oscillator',
  'error',
  lineChart({ title: 'Error of the network', x, y, series: [{ name: 'error', points: wrong }] }),
);
await drawLosses('oscillator', losses);

const error = relativeError(learnt, truth);
console.log(`relative L2 error ${error.toExponential(2)}`);
assert.ok(error < 1e-3, 'relative L2 error below 1e-3');
