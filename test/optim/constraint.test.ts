import { capture, randn, type Tensor, tensor } from 'adjoint';
import { maxNorm, nonNegative, unitNorm } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';
import { message } from '../message.js';

const wide = { dtype: 'float64' } as const;

describe.each(engines)('constraints on $name', ({ use }) => {
  it('limit the norm of each unit', () => {
    use();
    const w = tensor(
      [
        [3, 4],
        [0.3, 0.4],
        [0, 0],
      ],
      wide,
    ).requireGrad();
    const b = tensor([6, 8], wide);
    maxNorm([w, b], 1);
    const [first, ...others] = w.toArray() as number[][];
    expect(first[0]).toBeCloseTo(0.6, 12);
    expect(first[1]).toBeCloseTo(0.8, 12);
    expect(others).toEqual([
      [0.3, 0.4],
      [0, 0],
    ]);
    expect(b.slice(1).item()).toBeCloseTo(0.8, 12);
    maxNorm(w, 0);
    expect([...w.data()]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('give each unit norm 1, over all axes but the first', () => {
    use();
    const w = tensor(
      [
        [[3], [4]],
        [[0], [0]],
      ],
      wide,
    );
    unitNorm(w);
    expect(w.toArray()).toEqual([
      [[0.6], [0.8]],
      [[0], [0]],
    ]);
  });

  it('hold back what is negative', () => {
    use();
    const w = tensor([-1, 0, 2]);
    nonNegative(w);
    expect(w.toArray()).toEqual([0, 0, 2]);
  });

  it('captured give the bits of eager calls', () => {
    use();
    const run = (wrap: typeof capture): number[] => {
      const w = tensor([
        [3, -4],
        [0.3, 0.4],
      ]).requireGrad();
      const step = wrap((by: Tensor) => {
        w.assign(w.detach().mul(by));
        maxNorm(w, 2);
        nonNegative(w);
      });
      for (const by of [1, 5, 0.1]) step(tensor(by));
      return [...w.data()];
    };
    expect(run(capture)).toEqual(run(((step: unknown) => step) as typeof capture));
  });

  it('leave an empty tensor as it is', () => {
    use();
    const w = randn([0, 3]);
    maxNorm(w, 1);
    expect(w.shape).toEqual([0, 3]);
  });
});

it('maxNorm refuses a negative limit', () => {
  expect(message(() => maxNorm(tensor([1]), -1))).toBe('ValueError maxNorm: limit must be a finite number ≥ 0; got -1');
});
