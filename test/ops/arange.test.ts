import { arange, eye, fullLike, linspace, oneHot, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { engines } from '../harness.js';

describe.each(engines)('creation on $name', ({ use }) => {
  it('arange counts up, down and not at all', () => {
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

  it('arange does not add errors up', () => {
    use();
    const x = arange(0, 100, 0.1, { dtype: 'float64' });
    expect(x.data()[999]).toBe(999 * 0.1);
  });

  it('linspace has both ends exactly and is symmetric', () => {
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

  it('eye is the identity, also where it is not square', () => {
    use();
    expect(eye(2).toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(eye(2, 3, { dtype: 'int32' }).toArray()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(eye(3, 1).toArray()).toEqual([[1], [0], [0]]);
    expect(eye(0).shape).toEqual([0, 0]);
    expect(eye(2, { dtype: 'bool' }).toArray()).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('oneHot marks each index', () => {
    use();
    expect(oneHot(tensor([0, 2], { dtype: 'int32' }), 3).toArray()).toEqual([
      [1, 0, 0],
      [0, 0, 1],
    ]);
    expect(oneHot(tensor([[1]], { dtype: 'int32' }), 2, { dtype: 'bool' }).toArray()).toEqual([[[false, true]]]);
    expect(oneHot(tensor(1, { dtype: 'int32' }), 2).toArray()).toEqual([0, 1]);
  });

  it('fullLike takes shape and dtype', () => {
    use();
    const x = fullLike(zeros([2], { dtype: 'int32' }), 7);
    expect([x.dtype, x.toArray()]).toEqual(['int32', [7, 7]]);
  });
});

it('creation computes shapes in types where the sizes are literal', () => {
  expectTypeOf(arange(3)).toEqualTypeOf<Tensor<[3], 'float32'>>();
  expectTypeOf(arange(2.5)).toEqualTypeOf<Tensor<[number], 'float32'>>();
  expectTypeOf(arange(1, 3, { dtype: 'int32' })).toEqualTypeOf<Tensor<[number], 'int32'>>();
  expectTypeOf(linspace(0, 1, 5)).toEqualTypeOf<Tensor<[5], 'float32'>>();
  expectTypeOf(eye(2)).toEqualTypeOf<Tensor<[2, 2], 'float32'>>();
  expectTypeOf(eye(2, 3, { dtype: 'float64' })).toEqualTypeOf<Tensor<[2, 3], 'float64'>>();
  expectTypeOf(oneHot(tensor([0, 2], { dtype: 'int32' }), 3)).toEqualTypeOf<Tensor<[2, 3], 'float32'>>();
});

it.each([
  [() => arange(0, 1, 0), 'arange: step must be a finite number other than 0; got 0'],
  [() => arange(Infinity), 'arange: start and stop must be finite numbers; got 0 and Infinity'],
  [
    () => arange(0, 1, 0.5, { dtype: 'int32' }),
    'arange: start and step must be whole for int32; got 0 and 0.5; use float32',
  ],
  [() => linspace(0, 1, 2.5), 'linspace: count must be a whole number ≥ 0; got 2.5'],
  [
    () => linspace(0, 1, 2, { dtype: 'int32' as 'float32' }),
    'linspace: dtype must be floating-point; got int32; use arange',
  ],
  [() => oneHot(zeros([1], { dtype: 'int32' }), 0), 'oneHot: classes must be a whole number ≥ 1; got 0'],
  [
    () => oneHot(tensor([0, 3], { dtype: 'int32' }), 3),
    'oneHot: index 3 at [1] must be within 0 … 2, the number of classes being 3',
  ],
  [() => oneHot(tensor([1]) as Tensor, 3), "oneHot: indices must be int32; got float32; convert with to('int32')"],
])('creation states error %#', (call, message) => {
  expect(call).toThrow(message);
});
