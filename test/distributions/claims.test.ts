import { Generator, logicalAnd, randint, type Tensor, tensor } from 'adjoint';
import { Categorical, Gamma, Laplace, MixtureSameFamily, Normal, Uniform } from 'adjoint/distributions';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';

/* What an introduction to probability says, found by drawing. */

const n = 60_000;

describe.each(engines)('probability on $name', ({ use }) => {
  // Lecture notes 001, line 2193; line 2179 calls the outcomes of seven dice 6-tuples.
  it('of seven dice the second shows 3 in one throw of 6', () => {
    use();
    const dice = randint(1, 7, [n, 7], { generator: new Generator(1) });
    const share = dice.slice(null, 1).eq(3).to('float64').mean().item();
    expect(Math.abs(share - 1 / 6)).toBeLessThan(4 * Math.sqrt(5 / 36 / n));
  });

  // Lecture notes 001, lines 2259 and 2267, which print B for P(B) and A for P(A).
  it('of the throws that begin above 3 a sixth goes on with 3, as of all: P(A | B) = P(A ∩ B) / P(B) = P(A)', () => {
    use();
    const dice = randint(1, 7, [n, 2], { generator: new Generator(6) });
    const [first, second] = [dice.slice(null, 0), dice.slice(null, 1)];
    const share = (event: Tensor): number => event.to('float64').mean().item();
    const given = share(logicalAnd(first.gt(3), second.eq(3))) / share(first.gt(3));
    expect(Math.abs(given - 1 / 6)).toBeLessThan(4 * Math.sqrt(5 / 36 / (n / 2)));
  });

  // Lecture notes 001, line 2295 has densities end at 1.
  it('a density may be above 1: 2 on half of a unit', () => {
    use();
    expect(new Uniform(0, 0.5).logProb(tensor(0.25)).item()).toBeCloseTo(Math.LN2, 6);
  });

  // Lecture notes 001, lines 2315–2325: the law of large numbers.
  it('the mean of throws comes near 3.5 with the root of their number', () => {
    use();
    const die = new Categorical({ probs: tensor([1, 1, 1, 1, 1, 1], { dtype: 'float64' }) });
    expect(die.mean.item() + 1).toBeCloseTo(3.5, 12);
    const throws = die
      .sample([n], { generator: new Generator(2) })
      .add(1)
      .to('float64');
    for (const count of [100, 5000, n]) {
      const mean = throws.slice([0, count]).mean().item();
      expect(Math.abs(mean - 3.5), `${count} throws`).toBeLessThan(4 * Math.sqrt(35 / 12 / count));
    }
  });

  // Lecture notes 001, lines 2195–2205.
  it('a drop of rain falls into part of a square in proportion to its area', () => {
    use();
    const drops = new Uniform(tensor([0, 0]), 1).sample([n], { generator: new Generator(3) });
    const inside = drops.square().sum(1).lt(1).to('float64').mean().item();
    const area = Math.PI / 4;
    expect(Math.abs(inside - area)).toBeLessThan(4 * Math.sqrt((area * (1 - area)) / n));
  });

  // Lecture notes 001, lines 2327–2335: the law of the unconscious statistician.
  it('the mean of a function of x needs no distribution of its own: E g(x) = ∫ g p', () => {
    use();
    // E e^x of a normal x is e^(μ + σ²/2), and its variance (e^σ² − 1) e^(2μ + σ²).
    const x = new Normal(0.25, 0.5).sample([n], { generator: new Generator(4) }).to('float64');
    const exact = Math.exp(0.25 + 0.125);
    const error = Math.sqrt((Math.exp(0.25) - 1) / n) * exact;
    expect(Math.abs(x.exp().mean().item() - exact)).toBeLessThan(4 * error);
  });

  // Lecture notes 001, lines 2337–2343.
  it("a convex function of a mean is at most the function's mean, a concave one at least (Jensen)", () => {
    use();
    const kinds = [
      new Normal(0.5, 1),
      new Uniform(0.25, 2),
      new Gamma(2, 1.5),
      new Laplace(-1, 0.5),
      new MixtureSameFamily(new Categorical({ probs: tensor([1, 2]) }), new Normal(tensor([-1, 2]), 0.5)),
    ];
    const convex: ((x: Tensor) => Tensor)[] = [(x) => x.square(), (x) => x.exp(), (x) => x.abs(), (x) => x.softplus()];
    for (const kind of kinds) {
      const x = kind.sample([4000], { generator: new Generator(5) }).to('float64');
      for (const f of convex) {
        // Of a sample's own mean it holds exactly, but for rounding.
        expect(f(x.mean()).item()).toBeLessThanOrEqual(f(x).mean().item() + 1e-12);
        expect(f(x).neg().mean().item()).toBeLessThanOrEqual(f(x.mean()).neg().item() + 1e-12);
      }
    }
  });
});
