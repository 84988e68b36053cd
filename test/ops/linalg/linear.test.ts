import { linear, ones } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { rounded, wholes } from '../../bfloat16.js';
import { engines, type Plain, randomSequence, type Sample, spec } from '../../harness.js';

function reference([x, w, bias]: Plain[]): Plain {
  const [out, columns] = w.shape;
  const rows = x.shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const data: number[] = [];
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < out; o++) {
      let total = bias?.data[o] ?? 0;
      for (let k = 0; k < columns; k++) total += x.data[r * columns + k] * w.data[o * columns + k];
      data.push(total);
    }
  }
  return { shape: [...x.shape.slice(0, -1), out], data };
}

const sample = (x: number[], out: number, bias: boolean): Sample => ({
  operands: [
    { shape: x, range: [-1, 1] },
    { shape: [out, x[x.length - 1]], range: [-1, 1] },
    ...(bias ? [{ shape: [out] }] : []),
  ],
});

spec('linear', linear, {
  reference,
  samples: [
    sample([4, 3], 2, true),
    sample([4, 3], 2, false),
    sample([3], 2, true),
    sample([2, 3, 4], 5, true),
    sample([0, 3], 2, true),
    sample([13, 33], 17, true),
  ],
  slack: 2,
  errors: [
    {
      call: () => linear(ones([8, 3]), ones([2, 4]) as never),
      says: 'linear: the last axis of x must have the 4 elements that weight [2, 4] takes; got [8, 3]',
    },
    {
      call: () => linear(ones([8, 3]), ones([3]) as never),
      says: 'linear: weight must have the axes [out, in]; got [3]',
    },
    {
      call: () => linear(ones([8, 4]), ones([2, 4]), ones([3]) as never),
      says: 'linear: bias must be [2], the first axis of weight [2, 4]; got [3]',
    },
  ],
});

describe.each(engines)('linear on $name', ({ use }) => {
  it('rounds sums of bfloat16 once, gradients too', () => {
    use();
    const random = randomSequence(1);
    const operands = [[5, 12], [7, 12], [7]].map((shape) => wholes(shape, random));
    const dy = wholes([5, 7], random);
    const [low, exact] = (['bfloat16', 'float64'] as const).map((dtype) => {
      const [x, w, b] = operands.map((each) => rounded(each).to(dtype).requireGrad());
      const y = linear(x, w as never, b as never);
      y.backward(rounded(dy).to(dtype) as never);
      return [y, x.grad, w.grad, b.grad];
    });
    low.forEach((value, i) => {
      expect(value?.dtype).toBe('bfloat16');
      expect(value?.toArray()).toEqual(rounded(exact[i] as never).toArray());
    });
  });
});
