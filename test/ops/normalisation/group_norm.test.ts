import { groupNorm, ones, type Tensor } from 'adjoint';
import { type Plain, type Sample, spec } from '../../harness.js';

const op = (x: Tensor, ...rest: (Tensor | number)[]): Tensor => {
  const [weight = null, bias = null] = rest.slice(0, -1) as Tensor[];
  return groupNorm(x, rest.at(-1) as number, { weight, bias });
};

function reference([x, weight, bias]: Plain[], groups: number): Plain {
  const [n, c, ...axes] = x.shape;
  const plane = axes.reduce((a, b) => a * b, 1);
  const size = (c / groups) * plane;
  const data = new Array<number>(x.data.length);
  for (let start = 0; start < n * groups * size; start += size) {
    const group = x.data.slice(start, start + size);
    const mean = group.reduce((a, b) => a + b, 0) / size;
    const variance = group.reduce((a, b) => a + (b - mean) ** 2, 0) / size;
    group.forEach((v, i) => {
      const channel = Math.floor((start + i) / plane) % c;
      const normal = (v - mean) / Math.sqrt(variance + 1e-5);
      data[start + i] = normal * (weight?.data[channel] ?? 1) + (bias?.data[channel] ?? 0);
    });
  }
  return { shape: x.shape, data };
}

const sample = (shape: number[], groups: number, vectors: 0 | 1 | 2 = 2, smooth = true): Sample => ({
  operands: [{ shape }, ...[[shape[1]], [shape[1]]].slice(0, vectors).map((shape) => ({ shape }))],
  args: [groups],
  smooth,
});

spec('groupNorm', op, {
  reference,
  samples: [
    sample([2, 4, 3], 2),
    sample([2, 4, 3], 2, 0),
    sample([2, 4, 3], 4, 1),
    sample([1, 6, 2, 2], 1),
    sample([3, 6], 2),
    sample([0, 4, 3], 2),
    sample([3, 12, 17, 19], 3, 2, false),
  ],
  // A factor 1 / std of groups whose variance is small.
  slack: 4,
  errors: [
    {
      call: () => groupNorm(ones([8, 6, 4]), 4),
      says: 'groupNorm: the channels of x [8, 6, 4] must fall into 4 equal groups; got 6 channels',
    },
    { call: () => groupNorm(ones([8]), 4), says: 'groupNorm: x must have the axes [batch, channels, ...]; got [8]' },
    {
      call: () => groupNorm(ones([8, 4, 2]), 0),
      says: 'groupNorm: groups must be a whole number ≥ 1; got 0',
    },
    {
      call: () => groupNorm(ones([8, 4, 2]), 2, { weight: ones([5]) }),
      says: 'groupNorm: weight must be [4], one for each channel of x [8, 4, 2]; got [5]',
    },
    { call: () => groupNorm(ones([8, 4]), 2, { eps: 0 }), says: 'groupNorm: eps must be a number > 0; got 0' },
  ],
});
