import { oneHot, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { engines } from '../../harness.js';

describe.each(engines)('oneHot on $name', ({ use }) => {
  it('marks each index', () => {
    use();
    expect(oneHot(tensor([0, 2], { dtype: 'int32' }), 3).toArray()).toEqual([
      [1, 0, 0],
      [0, 0, 1],
    ]);
    expect(oneHot(tensor([[1]], { dtype: 'int32' }), 2, { dtype: 'bool' }).toArray()).toEqual([[[false, true]]]);
    expect(oneHot(tensor(1, { dtype: 'int32' }), 2).toArray()).toEqual([0, 1]);
  });

  // The first row is printed with two zeros fewer than the others.
  it('lecture notes 001, lines 907–909: three words of a vocabulary have rows of one length', () => {
    use();
    const rows = oneHot(tensor([5, 13, 6], { dtype: 'int32' }), 21);
    expect(rows.shape).toEqual([3, 21]);
    expect(rows.argmax(1).toArray()).toEqual([5, 13, 6]);
    expect(rows.sum(1).toArray()).toEqual([1, 1, 1]);
  });
});

it('oneHot computes shapes in types', () => {
  expectTypeOf(oneHot(tensor([0, 2], { dtype: 'int32' }), 3)).toEqualTypeOf<Tensor<[2, 3], 'float32'>>();
});

it.each([
  [() => oneHot(zeros([1], { dtype: 'int32' }), 0), 'oneHot: classes must be a whole number ≥ 1; got 0'],
  [
    () => oneHot(tensor([0, 3], { dtype: 'int32' }), 3),
    'oneHot: index 3 at [1] must be within 0 … 2, the number of classes being 3',
  ],
  [() => oneHot(tensor([1]) as Tensor, 3), "oneHot: indices must be int32; got float32; convert with to('int32')"],
])('oneHot states error %#', (call, message) => {
  expect(call).toThrow(message);
});
