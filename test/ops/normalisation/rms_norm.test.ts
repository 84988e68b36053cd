import { ones, rmsNorm, type Tensor } from 'adjoint';
import { type Plain, spec } from '../../harness.js';

const named = (x: Tensor, weight: Tensor, shape: number[], eps?: number): Tensor => rmsNorm(x, shape, { weight, eps });

spec('rmsNorm', named, {
  reference: ([x, weight]: Plain[], shape: number[], eps = 2 ** -52) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const data = x.data.map((v, i) => {
      const row = x.data.slice(i - (i % size), i - (i % size) + size);
      return (weight.data[i % size] * v) / Math.sqrt(row.reduce((sum, w) => sum + w * w, 0) / size + eps);
    });
    return { shape: x.shape, data };
  },
  samples: [
    { operands: [{ shape: [5] }, { shape: [5] }], args: [[5], 1e-5] },
    { operands: [{ shape: [3, 4] }, { shape: [4] }], args: [[4], 0.1] },
    { operands: [{ shape: [2, 2, 3] }, { shape: [2, 3] }], args: [[2, 3], 1e-5] },
    { operands: [{ shape: [0, 3] }, { shape: [3] }], args: [[3], 1e-5] },
    // Of numbers beyond 1 the spacing at 1 is nothing.
    { operands: [{ shape: [2, 67], range: [1, 2] }, { shape: [67] }], args: [[67]], smooth: false },
  ],
  slack: 2,
  errors: [
    { call: () => rmsNorm(ones([2, 4]), [3]), says: 'rmsNorm: the last axes of x must be [3]; got [2, 4]' },
    { call: () => rmsNorm(ones([2, 4]), []), says: 'rmsNorm: the last axes of x must be []; got [2, 4]' },
    {
      call: () => rmsNorm(ones([2, 4]), [4], { weight: ones([2]) }),
      says: 'rmsNorm: weight must be [4]; got [2]',
    },
    { call: () => rmsNorm(ones([2, 4]), [4], { eps: 0 }), says: 'rmsNorm: eps must be a number > 0; got 0' },
  ],
});
