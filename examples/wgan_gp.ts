/*
 * A Wasserstein GAN with gradient penalty learns eight Gaussians on a circle. The critic f estimates the Wasserstein distance
 * between real points x and generated ones y, as long as its slope is 1 between them, which the penalty asks for:
 *
 *     critic:     min  mean f(y) − mean f(x) + λ mean (‖∂f/∂z‖₂ − 1)²,   z = ε x + (1 − ε) y, ε uniform in [0, 1]
 *     generator:  min  −mean f(y)
 *
 * Training the critic differentiates its gradient with respect to its input once more, with respect to its weights. λ = 10,
 * 5 steps of the critic for each of the generator, Adam with β = (0.5, 0.9); the generator learns at a quarter of the critic's
 * rate, without which the points circle around the modes.
 *
 * Asserted: each mode has 6 % or more of the points, 75 % are within 3σ of a mode, and the mean slope is 1 ± 0.05.
 *
 *     npx tsx examples/wgan_gp.ts [--seed N]        # ten seconds; figures go to runs/wgan_gp
 *
 * Source: Gulrajani, Ahmed, Arjovsky, Dumoulin, Courville 2017, arXiv:1704.00028, algorithm 1; two rates: Heusel, Ramsauer,
 * Unterthiner, Nessler, Hochreiter 2017, arXiv:1706.08500
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  capture,
  grad,
  nn,
  noGrad,
  norm,
  optim,
  rand,
  randint,
  randn,
  seed,
  square,
  type Tensor,
  tensor,
} from 'adjoint';
import { lineChart } from 'adjoint/plot';

const { values: given } = parseArgs({ options: { seed: { type: 'string', default: '1' } } });
seed(Number(given.seed));

const modes = Array.from({ length: 8 }, (_, i) => [2 * Math.cos((i * Math.PI) / 4), 2 * Math.sin((i * Math.PI) / 4)]);
const sigma = 0.2;
const batch = 128;
const lambda = 10;
const steps = 3000;
const rates = { critic: 2e-3, generator: 5e-4 };

const centres = tensor(modes);
const drawReal = (n: number): Tensor => centres.indexSelect(0, randint(0, 8, [n])).add(randn([n, 2], { std: sigma }));

const perceptron = (inputs: number, outputs: number): nn.Sequential =>
  new nn.Sequential(
    new nn.Linear(inputs, 64),
    new nn.ReLU(),
    new nn.Linear(64, 64),
    new nn.ReLU(),
    new nn.Linear(64, 64),
    new nn.ReLU(),
    new nn.Linear(64, outputs),
  );
const generator = perceptron(2, 2);
const critic = perceptron(2, 1);
const generate = (n: number): Tensor => generator.forward(randn([n, 2]));
const ofGenerator = new optim.Adam(generator.parameters(), { lr: rates.generator, betas: [0.5, 0.9] });
const ofCritic = new optim.Adam(critic.parameters(), { lr: rates.critic, betas: [0.5, 0.9] });

const score = (points: Tensor): Tensor => critic.forward(points);
const slopeAt = grad((z: Tensor) => score(z).sum());

const criticStep = capture(() => {
  const x = drawReal(batch);
  const y = noGrad(() => generate(batch));
  const epsilon = rand([batch, 1]);
  const z = y.add(x.sub(y).mul(epsilon));
  const slope = norm(slopeAt(z), 1);
  const distance = score(x).mean().sub(score(y).mean());
  const penalty = square(slope.sub(1)).mean();
  ofCritic.zeroGrad();
  penalty.mul(lambda).sub(distance).backward();
  ofCritic.step();
  return { distance, slope: slope.mean() };
});
const generatorStep = capture(() => {
  ofGenerator.zeroGrad();
  score(generate(batch)).mean().neg().backward();
  ofGenerator.step();
});

const distances: [number, number][] = [];
const slopes: [number, number][] = [];
for (let step = 1; step <= steps; step++) {
  // Both rates fall to 0 over the second half: what still moves settles.
  const share = Math.min(1, 2 - (2 * (step - 1)) / steps);
  ofCritic.groups[0].lr = rates.critic * share;
  ofGenerator.groups[0].lr = rates.generator * share;
  for (let i = 0; i < 5; i++) {
    const { distance, slope } = criticStep();
    distances.push([step, distance.item()]);
    slopes.push([step, slope.item()]);
  }
  generatorStep();
  if (step % 200 === 0) {
    const [, distance] = distances[distances.length - 1];
    console.log(`step ${step}: distance ${distance.toFixed(3)}, slope ${slopes[slopes.length - 1][1].toFixed(3)}`);
  }
}

const points = noGrad(() => generate(10_000)).toArray() as [number, number][];
const counts = modes.map(() => 0);
for (const [x, y] of points) {
  const away = modes.map(([u, v]) => Math.hypot(x - u, y - v));
  const nearest = Math.min(...away);
  if (nearest < 3 * sigma) counts[away.indexOf(nearest)]++;
}
const shares = counts.map((count) => count / points.length);
const close = shares.reduce((sum, share) => sum + share);
const recent = slopes.slice(-500);
const slope = recent.reduce((sum, [, value]) => sum + value, 0) / recent.length;
console.log(`within 3σ of a mode: ${(100 * close).toFixed(1)} %`);
console.log(`of each mode: ${shares.map((share) => `${(100 * share).toFixed(1)} %`).join(', ')}`);
console.log(`mean slope of the critic over the last 100 steps: ${slope.toFixed(3)}`);

mkdirSync('runs/wgan_gp', { recursive: true });
const clouds = [
  { name: 'real', points: drawReal(1000).toArray() as [number, number][], dots: true },
  { name: 'generated', points: points.slice(0, 1000), dots: true },
];
const plane = { x: { label: 'x₁' }, y: { label: 'x₂' }, width: 560, height: 564 };
const x = { label: 'step of the generator' };
const course = [
  { name: 'estimated distance', points: distances, smooth: 0.95 },
  { name: 'slope between real and generated', points: slopes, smooth: 0.95 },
];
writeFileSync(
  'runs/wgan_gp/points.svg',
  await lineChart({ title: 'Real and generated points', ...plane, series: clouds }),
);
writeFileSync('runs/wgan_gp/course.svg', await lineChart({ title: 'The critic', x, y: { label: '' }, series: course }));

assert.ok(Math.min(...shares) >= 0.06, 'each mode has 6 % or more of the points');
assert.ok(close >= 0.75, '75 % of the points are within 3σ of a mode');
assert.ok(Math.abs(slope - 1) < 0.05, 'the mean slope of the critic is 1 ± 0.05');
