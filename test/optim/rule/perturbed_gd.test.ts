import { Generator, seed, tensor } from 'adjoint';
import { PerturbedGD, SGD } from 'adjoint/optim';
import { beforeEach, expect, it } from 'vitest';
import { optimizerSpec } from '../../optimizer_spec.js';

optimizerSpec('PerturbedGD', {
  // Every optimiser that is made here sees the same noise; one that is resumed would have to be given the generator's state.
  make: (p, options) => new PerturbedGD(p, { generator: new Generator(7), ...options }),
  variants: { 'without noise': { lr: 0.1, weightDecay: 0.1, radius: 0 } },
  quadratic: { options: { lr: 0.1, radius: 1e-4 }, steps: 100 },
  rosenbrock: { options: { lr: 1e-3 }, steps: 10_000, below: 1e-1 },
  errors: [{ options: { radius: -1 }, says: 'ValueError PerturbedGD: radius must be a finite number ≥ 0; got -1' }],
});

beforeEach(() => seed(3));

/** Minima 0 at y = ±1; a saddle point at (0, 0), to which the gradient leads from everywhere on y = 0. */
function escape(Rule: typeof SGD | typeof PerturbedGD): number[] {
  const p = tensor([1, 0]).requireGrad();
  const optimizer = new Rule([p], { lr: 0.1 });
  for (let i = 0; i < 200; i++) {
    optimizer.zeroGrad();
    const [x, y] = [p.slice(0), p.slice(1)];
    x.square().add(y.square().sub(1).square()).backward();
    optimizer.step();
  }
  return [...p.data()];
}

it('leaves a saddle point that gradient descent ends in', () => {
  const [x, y] = escape(SGD);
  expect(Math.abs(x)).toBeLessThan(1e-6);
  expect(y).toBe(0);
  const [u, v] = escape(PerturbedGD);
  expect(Math.abs(u)).toBeLessThan(0.01);
  expect(Math.abs(Math.abs(v) - 1)).toBeLessThan(0.01);
});

it('spreads noise of the given length over all parameters', () => {
  const [a, b] = [tensor(new Float64Array(30_000)).requireGrad(), tensor(new Float64Array(10_000)).requireGrad()];
  a.grad = a.detach().clone();
  b.grad = b.detach().clone();
  new PerturbedGD([a, b], { lr: 1, radius: 5 }).step();
  const square = [...a.data(), ...b.data()].reduce((sum, x) => sum + x * x, 0);
  expect(Math.abs(Math.sqrt(square) / 5 - 1)).toBeLessThan(0.02);
});
