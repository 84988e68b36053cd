import { capture, Generator, multinomial, setBackend, setNumThreads, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, statesErrors } from '../../harness.js';
import { chiSquared } from '../../statistics.js';

const n = 20_000;

describe.each(engines)('multinomial on $name', ({ name, use }) => {
  it('draws with replacement in proportion to the weights, of each line by itself', () => {
    use();
    const weights = [
      [0, 1, 2, 0, 5, 0],
      [0.1, 0.1, 0.1, 0.3, 0.4, 0],
    ];
    const places = multinomial(tensor(weights), n, { replacement: true, generator: new Generator(1) });
    expect([places.shape, places.dtype]).toEqual([[2, n], 'int32']);
    weights.forEach((line, i) => {
      const total = line.reduce((a, b) => a + b, 0);
      const drawn = places.slice(i).data();
      expect(
        chiSquared(
          drawn,
          line.map((w) => w / total),
        ),
      ).toBeLessThan(4);
      line.forEach((w, place) => {
        if (w === 0) expect(drawn.includes(place)).toBe(false);
      });
    });
  });

  it('draws without replacement each place once, as if one after the other', () => {
    use();
    const weights = [1, 2, 0, 3];
    const generator = new Generator(2);
    const lines = multinomial(tensor(weights).expand([n, 4]), 2, { generator }).data();
    const pairs = Int32Array.from({ length: n }, (_, i) => 4 * lines[2 * i] + lines[2 * i + 1]);
    // P(i, j) = wᵢ / 6 · wⱼ / (6 − wᵢ)
    const probabilities = weights.flatMap((w, i) => weights.map((v, j) => (i === j ? 0 : ((w / 6) * v) / (6 - w))));
    expect(chiSquared(pairs, probabilities)).toBeLessThan(4);
    expect([...multinomial(tensor(weights), 3).data()].sort()).toEqual([0, 1, 3]);
  });

  it('has the places of the reference, on one thread and on two, and captured', () => {
    const weights = tensor(Float32Array.from({ length: 700 }, (_, i) => (i * 37) % 11)).reshape([7, 100]);
    const draw = (x: Tensor): Tensor[] => {
      const generator = new Generator(5);
      return [multinomial(x, 50, { replacement: true, generator }), multinomial(x, 50, { generator })];
    };
    setBackend('reference');
    const expected = draw(weights).map((x) => x.data());
    use();
    for (const threads of name === 'reference' ? [1] : [1, 2]) {
      setNumThreads(threads);
      expect(draw(weights).map((x) => x.data())).toEqual(expected);
      expect(capture(draw)(weights).map((x) => x.data())).toEqual(expected);
    }
  });
});

statesErrors('multinomial', [
  { call: () => multinomial(tensor([1]), 0), says: 'multinomial: count must be a whole number ≥ 1; got 0' },
  { call: () => multinomial(tensor(1), 1), says: 'multinomial: weights must have the axes [k] or [lines, k]; got []' },
  {
    call: () => multinomial(tensor([[1, 2, -1]]), 1),
    says: 'multinomial: weights must be finite and ≥ 0; got -1 at [0, 2]',
  },
  {
    call: () =>
      multinomial(
        tensor([
          [1, 2, 3],
          [0, 2, 3],
        ]),
        3,
      ),
    says: 'multinomial: without replacement a line needs as many weights > 0 as are drawn, 3; got 2 in line [1]',
  },
  {
    call: () => multinomial(tensor([0, 0]), 1, { replacement: true }),
    says: 'multinomial: a line needs a weight > 0; got none',
  },
]);
