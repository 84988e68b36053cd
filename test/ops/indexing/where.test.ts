import { type DType, type Tensor, tensor, where } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { broadcasting, engines, type Plain, spec } from '../../harness.js';

/** Broadcasts the condition and a, then takes b where the condition fails. */
function reference([condition, a, b]: Plain[]): Plain {
  const second = broadcasting((_, value) => value);
  const first = broadcasting((value) => value);
  const shape = broadcasting(() => 0)([condition, broadcasting(() => 0)([a, b])]);
  const holds = first([condition, shape]).data;
  const [left, right] = [a, b].map((operand) => second([shape, operand]).data);
  return { shape: shape.shape, data: holds.map((c, i) => (c ? left[i] : right[i])) };
}

const shapes = [
  [[], [], []],
  [
    [3, 5],
    [3, 5],
    [3, 5],
  ],
  [[5], [3, 1], [1, 5]],
  [[2, 1, 3], [4, 1], [3]],
  [[0], [0], [1]],
  [[37], [1], [37]],
];

spec('where', where, {
  reference,
  samples: shapes.map(([c, a, b]) => ({
    operands: [{ shape: c, dtype: 'bool' as const }, { shape: a }, { shape: b }],
  })),
  errors: [
    {
      call: () => where(tensor([1, 0]) as Tensor, tensor([1, 2]), tensor([3, 4])),
      says: 'where: the condition must be bool; got float32; compare it, e.g. x.ne(0)',
    },
    {
      call: () => where(tensor([true, false]), tensor([1, 2, 3]), tensor([3, 4]) as Tensor),
      says:
        'where: shapes [3] and [2] do not broadcast: 3 and 2 differ in axis -1; ' +
        'each pair of dimensions, aligned at the right, must be equal or have a 1',
    },
  ],
});

describe.each(engines)('where on $name', ({ use }) => {
  it('chooses in every dtype, promoting the two', () => {
    use();
    const condition = tensor([true, false, true]);
    for (const dtype of ['bool', 'uint8', 'int32', 'bfloat16', 'float32', 'float64'] as DType[]) {
      const y = where(condition, tensor([1, 1, 0], { dtype }), tensor([0, 0, 1], { dtype }));
      expect(y.dtype).toBe(dtype);
      expect(y.to('int32').toArray()).toEqual([1, 0, 0]);
      expect(where(condition, tensor([1, 1, 0], { dtype }), tensor([0, 0, 1], { dtype: 'float64' })).dtype).toBe(
        'float64',
      );
    }
  });

  it('takes numbers, and lets NaN pass only where it is chosen', () => {
    use();
    const x = tensor([NaN, 2, Infinity]);
    expect(where(tensor([false, true, true]), x, 0).toArray()).toEqual([0, 2, Infinity]);
    expect(where(tensor([false, true, false]), -1, x).toArray()).toEqual([NaN, -1, Infinity]);
  });
});
