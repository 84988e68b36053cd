import { capture, Generator, poisson, setBackend, setNumThreads, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../../harness.js';
import { chiSquared, logGamma, moments } from '../../statistics.js';

const n = 20_000;

describe.each(engines)('poisson on $name', ({ name, use }) => {
  it('has the distribution of its rate', () => {
    use();
    // To either side of 10, where the way changes.
    [0.01, 0.7, 4, 9.99, 10, 25, 300].forEach((rate, i) => {
      for (const dtype of ['float32', 'float64'] as const) {
        const x = poisson(tensor(new Float64Array(n).fill(rate)).to(dtype), { generator: new Generator(i) });
        expect(x.dtype).toBe(dtype);
        const probabilities = Array.from({ length: 500 }, (_, k) =>
          Math.exp(k * Math.log(rate) - rate - logGamma(k + 1)),
        );
        expect(chiSquared(x.data(), probabilities), `${rate}`).toBeLessThan(4);
      }
    });
    const { mean, variance } = moments(
      poisson(tensor(new Float64Array(n).fill(1e9)), { generator: new Generator(9) }).data(),
    );
    expect(Math.abs(mean - 1e9)).toBeLessThan(4 * Math.sqrt(1e9 / n));
    expect(Math.abs(variance / 1e9 - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  });

  it('has the counts of the reference, on one thread and on two, and captured', () => {
    const draw = (x: Tensor): Tensor => poisson(x, { generator: new Generator(2 ** 40 + 7) });
    const x = tensor(Float32Array.from({ length: 6000 }, (_, i) => 10 ** ((i % 60) / 10 - 2)));
    setBackend('reference');
    const expected = draw(x).data();
    use();
    for (const threads of name === 'reference' ? [1] : [1, 2]) {
      setNumThreads(threads);
      expect(draw(x).data()).toEqual(expected);
      expect(capture(draw)(x).data()).toEqual(expected);
    }
  });

  it('gives 0 of the rate 0, ∞ of ∞, and NaN where the rate is no number ≥ 0', () => {
    use();
    expect([...poisson(tensor([0, Infinity, -1, NaN])).data()]).toEqual([0, Infinity, NaN, NaN]);
    expect(poisson(tensor([3], { dtype: 'int32' })).dtype).toBe('float32');
    expect(poisson(tensor([[1, 2]]).requireGrad()).node).toBeNull();
  });
});
