import { permute, type Tensor, tensor, transpose, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, type Plain, randomSequence, spec } from '../../harness.js';

function reference([x]: Plain[], order: number[]): Plain {
  const rank = x.shape.length;
  const axes = order.map((axis) => (axis < 0 ? axis + rank : axis));
  const shape = axes.map((axis) => x.shape[axis]);
  const strides = x.shape.map((_, i) => x.shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const data = x.data.map((_, flat) => {
    let from = 0;
    for (let i = rank - 1, rest = flat; i >= 0; rest = Math.floor(rest / shape[i]), i--)
      from += (rest % shape[i]) * strides[axes[i]];
    return x.data[from];
  });
  return { shape, data };
}

spec('permute', permute as (...args: any[]) => Tensor, {
  reference,
  samples: [
    { operands: [{ shape: [] }], args: [[]] },
    { operands: [{ shape: [3] }], args: [[0]] },
    { operands: [{ shape: [3, 5] }], args: [[1, 0]] },
    { operands: [{ shape: [2, 3, 4] }], args: [[2, 0, 1]] },
    { operands: [{ shape: [2, 3, 4] }], args: [[-1, 1, 0]] },
    { operands: [{ shape: [2, 0, 4] }], args: [[1, 2, 0]] },
  ],
  errors: [
    {
      call: () => permute(zeros([2, 3, 4]) as Tensor, [0, 1]),
      says: 'permute: the order must name each of the 3 axes of [2, 3, 4] once; got [0, 1]',
    },
    {
      call: () => permute(zeros([2, 3]) as Tensor, [0, 0]),
      says: 'permute: the order must name each of the 2 axes of [2, 3] once; got [0, 0]',
    },
    {
      call: () => permute(zeros([2, 3]) as Tensor, [0, 2]),
      says: 'permute: axis 2 of a tensor with 2 axes; must be within -2 … 1',
    },
  ],
});

spec('transpose', transpose as (...args: any[]) => Tensor, {
  reference: ([x], first = -2, second = -1) => {
    const order = x.shape.map((_, i) => i);
    const [i, j] = [first, second].map((axis) => (axis < 0 ? axis + order.length : axis));
    [order[i], order[j]] = [j, i];
    return reference([x], order);
  },
  samples: [
    { operands: [{ shape: [3, 5] }] },
    { operands: [{ shape: [2, 3, 4] }] },
    { operands: [{ shape: [2, 3, 4] }], args: [0, -1] },
  ],
  errors: [
    {
      call: () => transpose(zeros([3]) as Tensor),
      says: 'transpose: a tensor with at least two axes is needed; got shape [3]',
    },
  ],
});

describe.each(engines)('a transposed copy on $name', ({ use }) => {
  it('is right for tiles, their edges and every dtype', () => {
    use();
    const random = randomSequence(3);
    for (const shape of [
      [33, 70],
      [8, 8],
      [64, 9],
      [3, 40, 41],
      [2, 3, 65, 10],
    ]) {
      const size = shape.reduce((a, b) => a * b, 1);
      const values = Array.from({ length: size }, () => Math.floor(random() * 2));
      const order = shape.map((_, i) => shape.length - 1 - i);
      const expected = reference([{ shape, data: values }], order).data;
      for (const dtype of ['bool', 'uint8', 'int32', 'bfloat16', 'float32', 'float64'] as const) {
        const y: Tensor = tensor(values, { dtype }).reshape(shape).permute(order);
        expect(Array.from(y.contiguous().to('int32').data())).toEqual(expected);
        expect(Array.from(y.to('int32').data())).toEqual(expected);
      }
    }
  });
});
