import {
  maxPool1d,
  maxPool2d,
  maxPool3d,
  minPool1d,
  minPool2d,
  minPool3d,
  ones,
  randint,
  randn,
  relu,
  seed,
  type Tensor,
  tensor,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { pooling, poolingSample, poolingSamples } from '../../windows.js';

const largest = pooling((values) => Math.max(...values));
const smallest = pooling((values) => Math.min(...values));

spec('maxPool1d', maxPool1d as never, {
  reference: largest,
  samples: [
    ...poolingSamples[1],
    poolingSample([1, 2, 71], { kernelSize: 2 }),
    poolingSample([1, 2, 9], { kernelSize: 3, stride: 1, padding: 1, dilation: 2 }),
  ],
  errors: [
    {
      call: () => maxPool1d(ones([1, 4]) as never, { kernelSize: 2 }),
      says: 'maxPool1d: x must have the axes [batch, channels, length]; got [1, 4]; a single sequence [C, L] needs reshape([1, C, L])',
    },
    {
      call: () => maxPool1d(ones([1, 1, 4]), { kernelSize: [2, 2] as never }),
      says: 'maxPool1d: kernelSize must be a whole number ≥ 1 or one of them, [length]; got [2,2]',
    },
    {
      call: () => maxPool1d(ones([1, 1, 4]), { kernelSize: 5 }),
      says: 'maxPool1d: the window [5] is larger than the padded sequence [4] of x [1, 1, 4]; pad more or use a smaller kernel',
    },
  ],
});

spec('maxPool2d', maxPool2d as never, {
  reference: largest,
  samples: [
    ...poolingSamples[2],
    poolingSample([1, 2, 5, 7], { kernelSize: 2 }),
    poolingSample([1, 2, 8, 8], { kernelSize: 3, stride: 1, padding: 1, dilation: 2 }),
  ],
  errors: [
    {
      call: () => maxPool2d(ones([1, 1, 1, 1]).expand([1, 1, 2 ** 16, 2 ** 16]), { kernelSize: 2 ** 15 }),
      says: 'maxPool2d: positions are int32, so there must be at most 2147483648 of them; got 4294967296; split the input',
    },
    {
      call: () => maxPool2d(ones([1, 1, 4, 4]), { kernelSize: 2, padding: 2 }),
      says: 'maxPool2d: padding must be at most half of the kernel [2, 2], or a window could be empty; got [2, 2]',
    },
    {
      call: () => maxPool2d(ones([1, 1, 4, 4]), { kernelSize: 5 }),
      says: 'maxPool2d: the window [5, 5] is larger than the padded image [4, 4] of x [1, 1, 4, 4]; pad more or use a smaller kernel',
    },
    {
      call: () => maxPool2d(ones([1, 1, 4, 4]), { kernelSize: 1.5 }),
      says: 'maxPool2d: kernelSize must be a whole number ≥ 1 or two of them, [height, width]; got 1.5',
    },
  ],
});

spec('maxPool3d', maxPool3d as never, {
  reference: largest,
  samples: [...poolingSamples[3], poolingSample([1, 1, 3, 4, 3], { kernelSize: 2, stride: 1, dilation: [1, 2, 1] })],
  errors: [
    {
      call: () => maxPool3d(ones([1, 1, 4, 4, 4]), { kernelSize: 2, stride: [1, 0, 1] }),
      says: 'maxPool3d: stride must be a whole number ≥ 1 or three of them, [depth, height, width]; got [1,0,1]',
    },
  ],
});

spec('minPool1d', minPool1d as never, { reference: smallest, samples: poolingSamples[1] });
spec('minPool2d', minPool2d as never, { reference: smallest, samples: poolingSamples[2].slice(0, 5) });
spec('minPool3d', minPool3d as never, { reference: smallest, samples: poolingSamples[3] });

describe.each(engines)('max pooling on $name', ({ use }) => {
  // Lecture notes 001, line 1578 leaves equal maxima open.
  it('sends the gradient of equal maxima to the first, and passes NaN on', () => {
    use();
    const x = ones([1, 1, 2, 2]).requireGrad();
    maxPool2d(x, { kernelSize: 2 }).sum().backward();
    expect(x.grad?.data()).toEqual(new Float32Array([1, 0, 0, 0]));
    expect(maxPool2d(tensor([[[[1, NaN]]]]), { kernelSize: [1, 2] }).item()).toBeNaN();
    const volume = ones([1, 1, 2, 2, 2]).requireGrad();
    maxPool3d(volume, { kernelSize: 2 }).sum().backward();
    expect(volume.grad?.data()).toEqual(new Float32Array([1, 0, 0, 0, 0, 0, 0, 0]));
  });

  it.each([
    ['maxPool1d', maxPool1d, [2, 3, 11]],
    ['maxPool2d', maxPool2d, [2, 3, 6, 7]],
    ['maxPool3d', maxPool3d, [2, 3, 5, 6, 4]],
    ['minPool3d', minPool3d, [2, 3, 5, 6, 4]],
  ] as const)('%s says where its results are', (_, pool, shape) => {
    use();
    seed(1);
    const x = randn(shape);
    const [y, indices] = (pool as any)(x, { kernelSize: 3, stride: 2, padding: 1, returnIndices: true });
    expect(indices.dtype).toBe('int32');
    expect(indices.shape).toEqual(y.shape);
    const places = shape.slice(2).reduce((product, n) => product * n, 1);
    const [values, flat] = [x.data(), indices.data()];
    const perChannel = y.size / 6;
    expect([...y.data()]).toEqual([...flat].map((at: number, i) => values[Math.floor(i / perChannel) * places + at]));
  });
});

// Kernels gather the gradient of these windows, and scatter that of others.
describe.each(engines)('the gradient of max pooling on $name', ({ use }) => {
  it.each([
    [{ kernelSize: 2 }, [2, 3, 9, 71]],
    [{ kernelSize: 3, stride: 1, padding: 1 }, [2, 3, 7, 37]],
    [{ kernelSize: 3, stride: 1 }, [2, 3, 7, 37]],
    [{ kernelSize: 3, stride: 2, padding: 1 }, [2, 3, 8, 71]],
    [{ kernelSize: 3, stride: 2, ceilMode: true }, [2, 3, 8, 36]],
    [{ kernelSize: 3, stride: 2, padding: 1 }, [2, 3, 1, 1]],
    [{ kernelSize: [2, 1], stride: [2, 1] }, [2, 3, 5, 37]],
    [{ kernelSize: [3, 1], stride: [2, 1], padding: [1, 0] }, [2, 3, 5, 37]],
    [{ kernelSize: [3, 1], stride: 1, padding: [1, 0] }, [2, 3, 5, 37]],
    [{ kernelSize: [1, 3], stride: [1, 2], padding: [0, 1] }, [2, 3, 2, 71]],
    [{ kernelSize: [1, 3], stride: 1, padding: [0, 1] }, [2, 3, 2, 37]],
    [{ kernelSize: [2, 3], stride: 1, padding: [0, 1] }, [2, 3, 4, 37]],
  ] as const)('adds what each window has for its maximum: %j of %j', (options, shape) => {
    use();
    seed(3);
    const x = randint(0, 5, shape).to('float32').requireGrad();
    const [y, indices] = maxPool2d(x as never, { ...options, returnIndices: true } as never) as unknown as Tensor[];
    const dy: Tensor = randn(y.shape);
    y.mul(relu(dy)).sum().backward();
    const [places, given] = [indices.data(), relu(dy).data()];
    const sums = new Float32Array(x.size);
    const [plane, windows] = [shape[2] * shape[3], y.size / 6];
    for (const [i, place] of places.entries()) {
      const at = Math.floor(i / windows) * plane + place;
      sums[at] = Math.fround(sums[at] + given[i]);
    }
    expect(x.grad?.data()).toEqual(sums);
  });
});

it('pools from 26 to 12 with windows of 3 at steps of 2, an overlap of 1: lecture notes 002, line 361', () => {
  expect(maxPool2d(ones([1, 9, 26, 26]), { kernelSize: 3, stride: 2 }).shape).toEqual([1, 9, 12, 12]);
});
