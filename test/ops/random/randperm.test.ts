import { Generator, randperm, type Tensor } from 'adjoint';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { engines } from '../../harness.js';

// What it has in common with the other random functions is in random.test.ts.
describe.each(engines)('randperm on $name', ({ use }) => {
  it('gives every order equally often', () => {
    use();
    const generator = new Generator(5);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = randperm(4, { generator }).data().join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // χ² with 23 degrees of freedom is above 49.7 with probability 0.001.
    expect([...counts.values()].reduce((total, c) => total + (c - 250) ** 2 / 250, 0)).toBeLessThan(49.7);
    expect([...randperm(1000).data()].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect([randperm(0).shape, randperm(1).toArray()]).toEqual([[0], [0]]);
  });
});

it('randperm computes its shape in types and states its error', () => {
  expectTypeOf(randperm(5)).toEqualTypeOf<Tensor<[5], 'int32'>>();
  expect(() => randperm(-1)).toThrow('randperm: n must be a whole number from 0 to 2147483647; got -1');
});
