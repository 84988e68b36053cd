import { bilinear, ones } from 'adjoint';
import { type Plain, spec } from '../../harness.js';

spec('bilinear', bilinear as never, {
  reference: ([x1, x2, weight, bias]: Plain[]) => {
    const [out, in1, in2] = weight.shape;
    const rows = x1.shape.slice(0, -1).reduce((a, b) => a * b, 1);
    const data = Array.from({ length: rows * out }, (_, at) => {
      const [row, o] = [Math.floor(at / out), at % out];
      let total = bias?.data[o] ?? 0;
      for (let i = 0; i < in1; i++) {
        for (let j = 0; j < in2; j++) {
          total += x1.data[row * in1 + i] * weight.data[(o * in1 + i) * in2 + j] * x2.data[row * in2 + j];
        }
      }
      return total;
    });
    return { shape: [...x1.shape.slice(0, -1), out], data };
  },
  samples: [
    { operands: [{ shape: [2, 3] }, { shape: [2, 2] }, { shape: [2, 3, 2] }, { shape: [2] }] },
    { operands: [{ shape: [3] }, { shape: [4] }, { shape: [2, 3, 4] }] },
    { operands: [{ shape: [2, 1, 2] }, { shape: [2, 1, 3] }, { shape: [1, 2, 3] }, { shape: [1] }] },
    { operands: [{ shape: [0, 2] }, { shape: [0, 3] }, { shape: [2, 2, 3] }] },
  ],
  slack: 4,
  errors: [
    {
      call: () => bilinear(ones([2, 3]), ones([5, 4]), ones([2, 3, 4])),
      says: 'bilinear: x1 and x2 must be alike but for the last axis, of 3 and 4 elements; got [2, 3] and [5, 4]',
    },
    {
      call: () => bilinear(ones([2, 3]), ones([2, 4]), ones([3, 4])),
      says: 'bilinear: weight must have the axes [out, in1, in2]; got [3, 4]',
    },
    {
      call: () => bilinear(ones([2, 3]), ones([2, 4]), ones([2, 3, 4]), ones([3])),
      says: 'bilinear: bias must be [2], one for each output; got [3]',
    },
  ],
});
