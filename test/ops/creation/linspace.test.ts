import { linspace, type Tensor } from 'adjoint';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { engines } from '../../harness.js';

describe.each(engines)('linspace on $name', ({ use }) => {
  it('has both ends exactly and is symmetric', () => {
    use();
    expect(linspace(0, 1, 5).toArray()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(linspace(3, 7, 1).toArray()).toEqual([3]);
    expect(linspace(3, 7, 0).toArray()).toEqual([]);
    const x = linspace(-0.7, 0.7, 7, { dtype: 'float64' }).toArray();
    expect(x.at(-1)).toBe(0.7);
    expect(
      x
        .map((v) => -v)
        .reverse()
        .map((v) => v + 0),
    ).toEqual(x.map((v) => v + 0));
  });
});

it('linspace computes shapes in types', () => {
  expectTypeOf(linspace(0, 1, 5)).toEqualTypeOf<Tensor<[5], 'float32'>>();
});

it.each([
  [() => linspace(0, 1, 2.5), 'linspace: count must be a whole number ≥ 0; got 2.5'],
  [
    () => linspace(0, 1, 2, { dtype: 'int32' as 'float32' }),
    'linspace: dtype must be floating-point; got int32; use arange',
  ],
])('linspace states error %#', (call, message) => {
  expect(call).toThrow(message);
});
