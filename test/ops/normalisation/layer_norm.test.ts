import { layerNorm, ones, type Tensor } from 'adjoint';
import { type Plain, type Sample, spec } from '../../harness.js';

const op = (x: Tensor, ...rest: (Tensor | number[])[]): Tensor => {
  const shape = rest.at(-1) as number[];
  const [weight = null, bias = null] = rest.slice(0, -1) as Tensor[];
  return layerNorm(x, shape, { weight, bias });
};

function reference([x, weight, bias]: Plain[], normalized: number[]): Plain {
  const n = normalized.reduce((a, b) => a * b, 1);
  const data = new Array<number>(x.data.length);
  for (let start = 0; start < data.length; start += n) {
    const row = x.data.slice(start, start + n);
    const mean = row.reduce((a, b) => a + b, 0) / n;
    const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
    row.forEach((v, i) => {
      data[start + i] = ((v - mean) / Math.sqrt(variance + 1e-5)) * (weight?.data[i] ?? 1) + (bias?.data[i] ?? 0);
    });
  }
  return { shape: x.shape, data };
}

const sample = (shape: number[], normalized: number[], vectors: 0 | 1 | 2 = 2, smooth = true): Sample => ({
  operands: [{ shape }, ...[normalized, normalized].slice(0, vectors).map((shape) => ({ shape }))],
  args: [normalized],
  smooth,
});

spec('layerNorm', op, {
  reference,
  samples: [
    sample([3, 5], [5]),
    sample([3, 5], [5], 0),
    sample([3, 5], [5], 1),
    sample([2, 3, 4], [3, 4]),
    sample([4], [4]),
    sample([0, 4], [4]),
    sample([37, 70], [70], 2, false),
  ],
  // A factor 1 / std of rows whose variance is small.
  slack: 4,
  errors: [
    {
      call: () => layerNorm(ones([8, 16, 512]), [768]),
      says: 'layerNorm: the last axes of x must be [768]; got [8, 16, 512]',
    },
    {
      call: () => layerNorm(ones([8, 4]), [4], { weight: ones([5]) }),
      says: 'layerNorm: weight must be [4], the last axes of x [8, 4]; got [5]',
    },
    { call: () => layerNorm(ones([8, 4]), [4], { eps: 0 }), says: 'layerNorm: eps must be a number > 0; got 0' },
  ],
});
