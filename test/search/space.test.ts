import { choice, integer, logUniform, type ParametersOf, uniform } from 'adjoint/search';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { message } from '../message.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('a space', () => {
  it('types its parameters', () => {
    const space = { lr: logUniform(1e-4, 1), width: integer(1, 9), activation: choice(['relu', 'tanh']) };
    expectTypeOf<ParametersOf<typeof space>>().toEqualTypeOf<{
      lr: number;
      width: number;
      activation: 'relu' | 'tanh';
    }>();
  });

  it('has grids of round numbers', () => {
    expect(logUniform(1e-5, 10).grid(7)).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10]);
    expect(uniform(0, 1).grid(11)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(uniform(2, 4).grid(1)).toEqual([3]);
    expect(integer(0, 10).grid(5)).toEqual([0, 3, 5, 8, 10]);
    expect(integer(1, 3).grid(9)).toEqual([1, 2, 3]);
    expect(choice(['a', 'b']).grid(1)).toEqual(['a', 'b']);
  });

  it('stays within its bounds, and knows where a value lies', () => {
    fc.assert(
      fc.property(share, (u) => {
        for (const [dimension, low, high] of [
          [uniform(-2, 3), -2, 3],
          [logUniform(1e-6, 20), 1e-6, 20],
          [integer(-3, 4), -3, 4],
        ] as const) {
          const value = dimension.at(u);
          expect(value).toBeGreaterThanOrEqual(low);
          expect(value).toBeLessThanOrEqual(high);
          expect(dimension.at(dimension.shareOf(value))).toBeCloseTo(value, 9);
        }
        expect(Math.abs(uniform(-2, 3).shareOf(uniform(-2, 3).at(u)) - u)).toBeLessThan(1e-9);
      }),
    );
  });

  it('gives whole numbers and choices as often as each other', () => {
    const counts = new Map<unknown, number>();
    for (const dimension of [integer(5, 8), choice(['a', 'b', 'c', 'd'])]) {
      for (let i = 0; i < 4000; i++) {
        const value = dimension.at((i + 0.5) / 4000);
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
    }
    expect([...counts]).toEqual([5, 6, 7, 8, 'a', 'b', 'c', 'd'].map((value) => [value, 1000]));
  });

  it('narrows to the neighbours of a value', () => {
    expect(logUniform(1e-5, 10).around(0.1, 7).grid(5)).toEqual([0.01, 0.0316227766017, 0.1, 0.316227766017, 1]);
    expect(logUniform(1e-5, 10).around(10, 7).grid(3)).toEqual([1, 3.16227766017, 10]);
    expect(uniform(0, 1).around(0.5, 5).around(0.375, 5).grid(3)).toEqual([0.25, 0.375, 0.5]);
    expect(integer(0, 100).around(50, 5).grid(3)).toEqual([25, 50, 75]);
    expect(integer(0, 100).around(0, 5).grid(2)).toEqual([0, 25]);
    expect(choice(['a', 'b']).around('b', 5).grid(5)).toEqual(['b']);
  });

  it('refuses what has no values', () => {
    expect(message(() => uniform(1, 0))).toBe('ValueError uniform: low must be below high; got 1 and 0');
    expect(message(() => uniform(0, Infinity))).toBe('ValueError uniform: high must be a finite number; got Infinity');
    expect(message(() => logUniform(0, 1))).toBe('ValueError logUniform: low must be a number > 0; got 0');
    expect(message(() => integer(2, 1))).toBe('ValueError integer: high must be a whole number ≥ 2; got 1');
    expect(message(() => integer(0.5, 1))).toBe('ValueError integer: low must be a whole number; got 0.5');
    expect(message(() => choice([]))).toBe('ValueError choice: there must be values to choose from; got none');
  });
});
