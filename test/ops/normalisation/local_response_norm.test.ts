import { localResponseNorm, ones } from 'adjoint';
import { type Plain, spec } from '../../harness.js';

spec('localResponseNorm', localResponseNorm as never, {
  reference: ([x]: Plain[], size: number, { alpha = 1e-4, beta = 0.75, k = 1 } = {}) => {
    const [, channels] = x.shape;
    const inner = x.shape.slice(2).reduce((a, b) => a * b, 1);
    const data = x.data.map((v, i) => {
      const channel = Math.floor(i / inner) % channels;
      let total = 0;
      for (let c = channel - Math.floor(size / 2); c <= channel + Math.floor((size - 1) / 2); c++) {
        if (c >= 0 && c < channels) total += x.data[i + (c - channel) * inner] ** 2;
      }
      return v / (k + (alpha * total) / size) ** beta;
    });
    return { shape: x.shape, data };
  },
  samples: [
    { operands: [{ shape: [2, 5] }], args: [3, { alpha: 0.5 }] },
    { operands: [{ shape: [2, 4, 3] }], args: [2, { alpha: 1, beta: 0.5, k: 2 }] },
    { operands: [{ shape: [1, 3, 2, 2] }], args: [5] },
    { operands: [{ shape: [0, 3] }], args: [3] },
  ],
  slack: 2,
  errors: [
    {
      call: () => localResponseNorm(ones([3]), 3),
      says: 'localResponseNorm: x must have the axes [batch, channels, ...]; got [3]',
    },
    {
      call: () => localResponseNorm(ones([2, 3]), 0),
      says: 'localResponseNorm: size must be a whole number ≥ 1; got 0',
    },
    {
      call: () => localResponseNorm(ones([2, 3]), 3, { beta: Number.NaN }),
      says: 'localResponseNorm: beta must be a finite number; got NaN',
    },
  ],
});
