import { capture, Generator, hessian, setBackend, setNumThreads, standardGamma, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { run } from '../../../lib/backend/index.js';
import { engines } from '../../harness.js';
import { gammaDistribution, kolmogorovSmirnov, moments } from '../../statistics.js';

const n = 20_000;
/** From deep below 1, where draws are powers of uniform numbers, to where they are nearly normal. */
const concentrations = [0.05, 0.4, 0.999, 1, 2.5, 30, 4000];
const full = (value: number, dtype: 'float32' | 'float64' = 'float64'): Tensor =>
  tensor(new Float64Array(n).fill(value)).to(dtype);

/** The number below which the distribution has a share, by halving. */
function quantile(a: number, share: number): number {
  let [low, high] = [0, 20 * a + 100];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (gammaDistribution(a, middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

describe.each(engines)('standardGamma on $name', ({ name, use }) => {
  it('has the distribution of its concentration', () => {
    use();
    concentrations.forEach((a, i) => {
      for (const dtype of ['float32', 'float64'] as const) {
        const x = standardGamma(full(a, dtype), { generator: new Generator(i) });
        expect(x.dtype).toBe(dtype);
        const { mean, variance } = moments(x.data());
        expect(Math.abs(mean - a), `mean of ${a}`).toBeLessThan(4 * Math.sqrt(a / n));
        // The variance of a squared deviation: μ₄ − σ⁴ = 2a² + 6a.
        expect(Math.abs(variance - a), `variance of ${a}`).toBeLessThan(4 * Math.sqrt((2 * a * a + 6 * a) / n));
        if (a < 1000)
          expect(
            kolmogorovSmirnov(x.data(), (v) => gammaDistribution(a, v)),
            `${a}`,
          ).toBeLessThan(1.95);
      }
    });
  });

  it('is within a few ULP of the reference, on one thread and on two, and captured', () => {
    const draw = (x: Tensor): Tensor => standardGamma(x, { generator: new Generator(2 ** 40 + 7) });
    const x = tensor(Float64Array.from({ length: 6000 }, (_, i) => 10 ** ((i % 60) / 10 - 2.5)));
    setBackend('reference');
    const expected = draw(x).data() as Float64Array;
    use();
    for (const threads of name === 'reference' ? [1] : [1, 2]) {
      setNumThreads(threads);
      const actual = draw(x).data() as Float64Array;
      // u^(1 / a) has the error of log u some hundred times.
      actual.forEach((value, i) => {
        expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(1e-12 * Math.abs(expected[i]));
      });
      const captured = capture(draw);
      expect(captured(x).data()).toEqual(actual);
      expect(captured(x).data()).toEqual(actual);
    }
  });

  it('takes one block an element, and goes on where it stopped', () => {
    use();
    const generator = new Generator(3);
    const x = full(0.7).slice([0, 100]).expand([3, 100]);
    const first = standardGamma(x, { generator });
    expect(generator.stateDict().counter).toBe(300);
    const second = standardGamma(x, { generator });
    expect(second.data()).not.toEqual(first.data());
    // Element i depends on its block alone, whatever its neighbours needed.
    const tail = standardGamma(x.slice([1, 3]), { generator: Generator.from({ seed: 3, counter: 100 }) });
    expect(tail.data()).toEqual(first.slice([1, 3]).data());
  });

  it('gives NaN where the concentration is no number > 0, and no 0', () => {
    use();
    expect([...standardGamma(tensor([NaN, 0, -1, Infinity])).data()]).toEqual([NaN, NaN, NaN, NaN]);
    const least = standardGamma(tensor(new Float32Array(1000).fill(1e-3)), { generator: new Generator(1) });
    expect(Math.min(...least.data())).toBe(2 ** -126);
    expect(standardGamma(tensor([3], { dtype: 'int32' })).dtype).toBe('float32');
    expect(standardGamma(tensor([3], { dtype: 'bfloat16' })).dtype).toBe('bfloat16');
  });

  it('has the derivative of the quantile', () => {
    use();
    for (const a of [0.05, 0.4, 1, 2.5, 30, 300]) {
      for (const share of [0.01, 0.3, 0.5, 0.8, 0.99]) {
        const x = quantile(a, share);
        if (x < 1e-12) continue;
        const h = 1e-4 * a;
        const slope = (quantile(a + h, share) - quantile(a - h, share)) / (2 * h);
        const [concentration, sample] = [tensor([a], { dtype: 'float64' }), tensor([x], { dtype: 'float64' })];
        const found = tensor([0], { dtype: 'float64' });
        run('standardGammaGradient', [found, concentration, sample]);
        expect(Math.abs(found.item() / slope - 1), `of ${a} at ${share}`).toBeLessThan(1e-5);
      }
    }
  });

  it('gives expectations the right gradient, and refuses a second derivative', () => {
    use();
    // E x = a and E x² = a² + a, of which the derivatives are 1 and 2a + 1.
    const a = 1.7;
    const concentration = tensor([a], { dtype: 'float64' }).requireGrad();
    const x = standardGamma(concentration.expand([n]), { generator: new Generator(8) });
    x.mean().backward(undefined, { retainGraph: true });
    expect(Math.abs(concentration.grad!.item() - 1)).toBeLessThan(0.03);
    concentration.grad = null;
    x.square().mean().backward();
    expect(Math.abs(concentration.grad!.item() - (2 * a + 1))).toBeLessThan(0.2);
    expect(() =>
      hessian((c: Tensor) => standardGamma(c, { generator: new Generator(1) }).sum())(concentration),
    ).toThrow(
      'standardGamma: its derivative by the concentration has none in turn; got a second derivative; take the first alone',
    );
  });
});
