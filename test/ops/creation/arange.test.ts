import { arange, type Tensor } from 'adjoint';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { engines } from '../../harness.js';

describe.each(engines)('arange on $name', ({ use }) => {
  it('counts up, down and not at all', () => {
    use();
    expect(arange(3).toArray()).toEqual([0, 1, 2]);
    expect(arange(2, 5).toArray()).toEqual([2, 3, 4]);
    expect(arange(1, 2, 0.25).toArray()).toEqual([1, 1.25, 1.5, 1.75]);
    expect(arange(5, 0, -2).toArray()).toEqual([5, 3, 1]);
    expect(arange(2.5).toArray()).toEqual([0, 1, 2]);
    expect(arange(-1).toArray()).toEqual([]);
    expect(arange(0, 3, { dtype: 'int32' }).data()).toEqual(Int32Array.of(0, 1, 2));
    expect(arange(3, { requiresGrad: true }).requiresGrad).toBe(true);
  });

  it('does not add errors up', () => {
    use();
    const x = arange(0, 100, 0.1, { dtype: 'float64' });
    expect(x.data()[999]).toBe(999 * 0.1);
  });
});

it('arange computes shapes in types', () => {
  expectTypeOf(arange(3)).toEqualTypeOf<Tensor<[3], 'float32'>>();
  expectTypeOf(arange(2.5)).toEqualTypeOf<Tensor<[number], 'float32'>>();
  expectTypeOf(arange(1, 3, { dtype: 'int32' })).toEqualTypeOf<Tensor<[number], 'int32'>>();
});

it.each([
  [() => arange(0, 1, 0), 'arange: step must be a finite number other than 0; got 0'],
  [() => arange(Infinity), 'arange: start and stop must be finite numbers; got 0 and Infinity'],
  [
    () => arange(0, 1, 0.5, { dtype: 'int32' }),
    'arange: start and step must be whole for int32; got 0 and 0.5; use float32',
  ],
])('arange states error %#', (call, message) => {
  expect(call).toThrow(message);
});
