import { batchNorm, Generator, ones, randn, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { close } from '../../calculus.js';
import { engines, type Plain, type Sample, spec } from '../../harness.js';

/** Position of the channel that each element of x belongs to. */
const channelsOf = ({ shape }: Plain): number[] => {
  const plane = shape.slice(2).reduce((a, b) => a * b, 1);
  return Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.floor(i / plane) % shape[1]);
};

function normalised(x: Plain, mean: number[], variance: number[], weight?: Plain, bias?: Plain): Plain {
  const channel = channelsOf(x);
  const data = x.data.map((v, i) => {
    const c = channel[i];
    return ((v - mean[c]) / Math.sqrt(variance[c] + 1e-5)) * (weight?.data[c] ?? 1) + (bias?.data[c] ?? 0);
  });
  return { shape: x.shape, data };
}

function trained([x, weight, bias]: Plain[]): Plain {
  const channel = channelsOf(x);
  const values = Array.from({ length: x.shape[1] }, (_, c) => x.data.filter((_, i) => channel[i] === c));
  const mean = values.map((v) => v.reduce((a, b) => a + b, 0) / v.length);
  const variance = values.map((v, c) => v.reduce((a, b) => a + (b - mean[c]) ** 2, 0) / v.length);
  return normalised(x, mean, variance, weight, bias);
}

const sample = (shape: number[], vectors = 2, smooth = true): Sample => ({
  operands: [{ shape }, ...Array.from({ length: vectors }, () => ({ shape: [shape[1]] }))],
  smooth,
});

spec(
  'batchNorm in training',
  (x: Tensor, weight?: Tensor, bias?: Tensor) =>
    batchNorm(x, null, null, { weight: weight ?? null, bias: bias ?? null, training: true }),
  {
    reference: trained,
    samples: [
      sample([4, 3]),
      sample([3, 2, 2, 3]),
      sample([3, 2, 4], 0),
      sample([3, 2, 4], 1),
      sample([2, 0, 3]),
      sample([9, 70], 2, false),
      sample([5, 3, 9, 9], 2, false),
    ],
    // A factor 1 / std of channels whose variance is small.
    slack: 4,
    errors: [
      {
        call: () => batchNorm(ones([1, 8]), null, null, { training: true }),
        says: 'batchNorm: training needs more than 1 value per channel; got x [1, 8]; use a larger batch, or eval()',
      },
      {
        call: () => batchNorm(ones([8]), null, null),
        says: 'batchNorm: x must have the axes [batch, channels, ...]; got [8]',
      },
      {
        call: () => batchNorm(ones([2, 8]), zeros([7]), ones([8])),
        says: 'batchNorm: runningMean must be [8], one for each channel of x [2, 8]; got [7]',
      },
      {
        call: () => batchNorm(ones([2, 8]), null, null, { momentum: 2 }),
        says: 'batchNorm: momentum must be within 0 … 1; got 2',
      },
      {
        call: () => batchNorm(ones([2, 8]), null, null, { eps: -1 }),
        says: 'batchNorm: eps must be a number > 0; got -1',
      },
    ],
  },
);

spec(
  'batchNorm with running statistics',
  (x: Tensor, weight: Tensor, bias: Tensor) => batchNorm(x, zeros([2]).add(0.25), ones([2]).mul(4), { weight, bias }),
  {
    reference: ([x, weight, bias]) => normalised(x, [0.25, 0.25], [4, 4], weight, bias),
    samples: [sample([3, 2]), sample([2, 2, 3, 2]), sample([0, 2, 3])],
  },
);

describe.each(engines)('batchNorm on $name', ({ use }) => {
  it('lecture notes 000, line 923: has mean 0 and variance 1 where eps is next to nothing', () => {
    use();
    const x = tensor([[1], [2], [6], [-0.5]], { dtype: 'float64' });
    const y = batchNorm(x, null, null, { training: true, eps: 1e-30 });
    expect(Math.abs(y.mean().item())).toBeLessThan(1e-15);
    expect(y.variance(0, { correction: 0 }).item()).toBeCloseTo(1, 14);
  });

  it('moves the running statistics, the variance by the unbiased one, once per call', () => {
    use();
    const mean = zeros([1]);
    const variance = ones([1]);
    const x = tensor([[1], [2], [6]]).requireGrad();
    batchNorm(x, mean, variance, { training: true, momentum: 0.5 }).square().sum().backward();
    expect(mean.toArray()).toEqual([1.5]);
    expect(variance.toArray()).toEqual([4]);
  });

  it.each([[[6, 2]], [[3, 2, 4, 5]]])(
    'lecture notes 004, lines 5189 and 5219: has a mean of 0 and a variance of σ² / (σ² + ε) in each channel of %j',
    (shape) => {
      use();
      const x = randn(shape, { dtype: 'float64', generator: new Generator(1) })
        .mul(3)
        .add(7);
      const axes = shape.flatMap((_, i) => (i === 1 ? [] : [i]));
      const spread = (x: Tensor): Tensor => x.variance(axes, { correction: 0 });
      const y = batchNorm(x, null, null, { training: true, eps: 0.5 });
      close(y.mean(axes), [0, 0]);
      close(spread(y), spread(x).div(spread(x).add(0.5)));
    },
  );

  it('passes gradients on to its input alone where weight and bias are not learned', () => {
    use();
    const x = tensor([[3, -8]]).requireGrad();
    const [mean, variance, weight] = [tensor([1, 2]), tensor([4, 0.25]), tensor([3, 5])];
    batchNorm(x, mean, variance, { weight, eps: 1e-30 }).sum().backward();
    close(x.grad as Tensor, [[1.5, 10]]);
  });

  it('lecture notes 004, line 5173: by the statistics of a batch of one, nothing but the bias is left', () => {
    use();
    const [x, bias] = [tensor([[3, -8]]), tensor([0.25, 1.5])];
    expect(batchNorm(x, tensor([3, -8]), zeros([2]), { bias }).toArray()).toEqual([[0.25, 1.5]]);
  });
});
