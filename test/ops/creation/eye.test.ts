import { eye, type Tensor } from 'adjoint';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { engines } from '../../harness.js';

describe.each(engines)('eye on $name', ({ use }) => {
  it('is the identity, also where it is not square', () => {
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
});

it('eye computes shapes in types', () => {
  expectTypeOf(eye(2)).toEqualTypeOf<Tensor<[2, 2], 'float32'>>();
  expectTypeOf(eye(2, 3, { dtype: 'float64' })).toEqualTypeOf<Tensor<[2, 3], 'float64'>>();
});
