/*
 * What the examples of physics-informed networks share. Such a network is trained to satisfy a differential equation: the
 * loss is the mean square of what the equation leaves over, its residual, where the derivatives are those of the network
 * with respect to its inputs.
 *
 * Source: Raissi, Perdikaris, Karniadakis 2019, "Physics-informed neural networks", J. Comput. Phys. 378, 686–707.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, type FloatDType, grad, nn, noGrad, optim, type Tensor, type Tree, tensor } from 'adjoint';
import { heatMap, lineChart } from 'adjoint/plot';

/** A column [n, 1] of numbers. */
export const column = (values: readonly number[]): Tensor =>
  tensor(values, { dtype: 'float64' }).reshape([values.length, 1]);

/**
 * [n, inputs] → [n, 1] by hidden layers of `width` units with tanh, which is smooth, so that u has derivatives. The first
 * layer begins `steepness` times as steep as layers do, for a u that bends that often between inputs −1 and 1.
 */
export function network(
  inputs: number,
  width: number,
  depth: number,
  { dtype, steepness = 1 }: { dtype: FloatDType; steepness?: number },
): nn.Sequential {
  const layers = Array.from({ length: depth }, (_, i) => new nn.Linear(i === 0 ? inputs : width, width, { dtype }));
  for (const parameter of layers[0].parameters()) parameter.assign(parameter.mul(steepness));
  return new nn.Sequential(...layers.flatMap((layer) => [layer, new nn.Tanh()]), new nn.Linear(width, 1, { dtype }));
}

/**
 * u(x, t) in every row and its derivatives. A row of u depends on that row of x and t alone, so the gradient of the sum
 * holds every row's derivative.
 */
export function derivatives(
  u: (x: Tensor, t: Tensor) => Tensor,
  x: Tensor,
  t: Tensor,
): { u: Tensor; ux: Tensor; ut: Tensor; uxx: Tensor } {
  let value = x;
  let first = { x, t };
  const gradient = grad(({ x, t }: { x: Tensor; t: Tensor }) => {
    value = u(x, t);
    return value.sum();
  });
  const uxx = grad((x: Tensor) => {
    first = gradient({ x, t });
    return first.x.sum();
  })(x);
  return { u: value, ux: first.x, ut: first.t, uxx };
}

/** How training goes: Adam's steps, then rounds of L-BFGS, each with its iterations and on points of its own. */
export interface Phases {
  readonly adam: number;
  readonly lr: number;
  readonly rounds: number;
  readonly iterations: number;
}

/**
 * Minimises a loss over points, by Adam, which finds the right valley, then by L-BFGS, which descends it. Returns the
 * loss of every step of Adam and every tenth iteration of L-BFGS.
 *
 * @param sample  draws the points of a round; called every 100 steps of Adam
 */
export function train<P extends Tree>(
  parameters: readonly Tensor[],
  loss: (points: P) => Tensor,
  sample: () => P,
  { adam, lr, rounds, iterations }: Phases,
): number[] {
  const losses: number[] = [];
  const step = capture((points: P) => {
    for (const parameter of parameters) parameter.grad = null;
    const value = loss(points);
    value.backward();
    return value;
  });
  let points = sample();
  const first = new optim.Adam(parameters, { lr });
  for (let i = 1; i <= adam; i++) {
    if (i % 100 === 0) points = sample();
    losses.push(step(points).item());
    first.step();
  }
  console.log(`Adam: loss ${losses[losses.length - 1].toExponential(2)} after ${adam} steps`);

  for (let round = 1; round <= rounds; round++) {
    points = sample();
    const second = new optim.LBFGS(parameters, { maxIter: 10, historySize: 50, toleranceGrad: 0, toleranceChange: 0 });
    for (let i = 0; i < iterations; i += 10) losses.push(Number(second.step(() => step(points)).item()));
    const last = losses[losses.length - 1].toExponential(2);
    console.log(`L-BFGS: loss ${last} after round ${round} of ${iterations} iterations`);
  }
  return losses;
}

/** ‖u − reference‖₂ / ‖reference‖₂ */
export function relativeError(u: ArrayLike<number>, reference: readonly number[]): number {
  const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value ** 2, 0);
  return Math.sqrt(squares(reference.map((value, i) => u[i] - value)) / squares(reference));
}

/** Writes a figure to runs/NAME. */
export async function keep(name: string, file: string, svg: Promise<string>): Promise<void> {
  const folder = join('runs', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${file}.svg`), await svg);
}

/** Draws the course of the loss to runs/NAME/loss.svg. */
export async function drawLosses(name: string, losses: readonly number[]): Promise<void> {
  const points = losses.map((loss, i): [number, number] => [i, loss]);
  const y = { label: 'loss', log: true };
  const x = { label: 'step of Adam, then tens of iterations of L-BFGS' };
  await keep(
    name,
    'loss',
    lineChart({ title: 'Loss', x, y, series: [{ name: 'mean square of the residual', points }] }),
  );
}

/**
 * Compares a network u(x, t) with the solution, on 257 × 101 points of x and t. Draws to runs/NAME the field, its error and
 * profiles at some times; returns the relative L2 error.
 */
export async function compare(
  name: string,
  u: (x: Tensor, t: Tensor) => Tensor,
  solution: (x: number, t: number) => number,
  [low, high]: readonly [number, number],
): Promise<number> {
  const xs = Array.from({ length: 257 }, (_, i) => low + ((high - low) * i) / 256);
  const ts = Array.from({ length: 101 }, (_, i) => i / 100);
  const learnt = ts.map((t) => noGrad(() => u(column(xs), column(xs.map(() => t)))).data());
  const truth = ts.map((t) => xs.map((x) => solution(x, t)));

  const axes = { x: { label: 't' }, y: { label: 'x' } };
  const field = (values: (i: number, j: number) => number) => ({
    x: ts,
    y: xs,
    values: xs.map((_, j) => ts.map((_, i) => values(i, j))),
  });
  const solved = field((i, j) => learnt[i][j]);
  await keep(name, 'solution', heatMap({ title: 'u(t, x) of the network', ...axes, z: { label: 'u' }, grid: solved }));
  // Where the error changes its sign, or u is right by construction, its logarithm says nothing.
  const wrong = field((i, j) => Math.max(Math.abs(learnt[i][j] - truth[i][j]), 1e-6));
  const z = { label: '|u − solution|', log: true };
  await keep(name, 'error', heatMap({ title: 'Error of the network', ...axes, z, grid: wrong }));
  const shown = [0, 25, 50, 100];
  const points = (values: ArrayLike<number>) => xs.map((x, j): [number, number] => [x, values[j]]);
  const series = [
    ...shown.map((i) => ({ name: `network, t = ${ts[i]}`, points: points(learnt[i]) })),
    {
      name: 'solution',
      points: shown.flatMap((i) => points(truth[i]).filter((_, j) => j % 8 === 0)),
      dots: true,
    },
  ];
  const title = 'Network and solution at four times';
  await keep(name, 'profiles', lineChart({ title, x: { label: 'x' }, y: { label: 'u' }, series }));
  return relativeError(
    learnt.flatMap((row) => [...row]),
    truth.flat(),
  );
}
