import { Generator, tensor } from 'adjoint';
import { Gamma, klDivergence, Laplace, monteCarloKl, Normal, Poisson } from 'adjoint/distributions';
import { describe, expect, it } from 'vitest';
import { engines, statesErrors } from '../harness.js';

describe.each(engines)('monteCarloKl on $name', ({ use }) => {
  it('estimates a divergence that has no closed form', () => {
    use();
    const [p, q] = [new Normal(tensor([0, 1], { dtype: 'float64' }), 1), new Laplace(0, 1)];
    // ∫ p log p − ∫ p log q = −½ log(2πe) + log 2 + E|x|, E|x| = √(2/π) and for the mean 1 that e^(−½) + 1 − 2Φ(−1).
    const entropy = 0.5 * Math.log(2 * Math.PI * Math.E);
    const near = Math.sqrt(2 / Math.PI);
    const exact = [near, near * Math.exp(-0.5) + 1 - 2 * 0.15865525393145707].map((e) => Math.log(2) + e - entropy);
    const estimate = monteCarloKl(p, q, { samples: 20_000, generator: new Generator(1) }).data();
    exact.forEach((value, i) => {
      expect(Math.abs(estimate[i] - value)).toBeLessThan(0.03);
    });
  });

  it('passes gradients through draws that are reparameterised', () => {
    use();
    const loc = tensor([1.5], { dtype: 'float64' }).requireGrad();
    monteCarloKl(new Normal(loc, 1), new Normal(0, 1), { samples: 20_000, generator: new Generator(2) }).backward();
    // d/dμ ½ μ²
    expect(loc.grad!.item()).toBeCloseTo(1.5, 1);
  });
});

statesErrors('klDivergence', [
  {
    // @ts-expect-error Kinds are types too.
    call: () => klDivergence(new Normal(0, 1), new Laplace(0, 1)),
    says: 'klDivergence: p and q must be of one kind; got Normal and Laplace; use monteCarloKl',
  },
  {
    // @ts-expect-error
    call: () => klDivergence(new Gamma(1, 1), new Poisson(1)),
    says: 'klDivergence: p and q must be of one kind; got Gamma and Poisson; use monteCarloKl',
  },
  {
    call: () => monteCarloKl(new Normal(0, 1), new Normal(0, 1), { samples: 0 }),
    says: 'monteCarloKl: samples must be a whole number ≥ 1; got 0',
  },
]);
