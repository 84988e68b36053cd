import {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  ones,
  randn,
  seed,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { build, indices } from '../../axes.js';
import { engines, type Plain, type Sample, spec } from '../../harness.js';
import { reading } from '../../windows.js';

const pooling =
  (f: (values: number[]) => number) =>
  ([x]: Plain[], outputSize: number | number[]): Plain => {
    const [n, c, ...sizes] = x.shape;
    const counts = typeof outputSize === 'number' ? sizes.map(() => outputSize) : outputSize;
    const image = reading(x);
    return build([n, c, ...counts], ([b, channel, ...place]) => {
      const starts = place.map((i, a) => Math.floor((i * sizes[a]) / counts[a]));
      const lengths = place.map((i, a) => Math.ceil(((i + 1) * sizes[a]) / counts[a]) - starts[a]);
      return f(indices(lengths).map((tap) => image([b, channel, ...tap.map((p, a) => starts[a] + p)])));
    });
  };
const average = pooling((values) => values.reduce((a, b) => a + b, 0) / values.length);
const largest = pooling((values) => Math.max(...values));

const sample = (shape: number[], outputSize: number | number[]): Sample => ({
  operands: [{ shape }],
  args: [outputSize],
});
const sequences = [sample([2, 2, 6], 3), sample([1, 2, 7], 3), sample([1, 1, 2], 5), sample([0, 2, 5], 2)];
const images = [
  sample([1, 2, 4, 6], 2),
  sample([2, 1, 5, 4], [3, 2]),
  sample([1, 2, 3, 5], [1, 4]),
  sample([1, 1, 2, 2], 3),
];
const volumes = [sample([1, 2, 2, 4, 2], 2), sample([1, 1, 3, 4, 2], [2, 3, 1])];

spec('adaptiveAvgPool1d', adaptiveAvgPool1d as never, {
  reference: average,
  samples: sequences,
  errors: [
    {
      call: () => adaptiveAvgPool1d(ones([1, 2, 0]), 2),
      says: 'adaptiveAvgPool1d: bins need elements; got x [1, 2, 0]',
    },
    {
      call: () => adaptiveAvgPool1d(ones([1, 2, 4]), 0),
      says: 'adaptiveAvgPool1d: outputSize must be a whole number ≥ 1 or one of them, [length]; got 0',
    },
  ],
});
spec('adaptiveAvgPool2d', adaptiveAvgPool2d as never, { reference: average, samples: images });
spec('adaptiveAvgPool3d', adaptiveAvgPool3d as never, { reference: average, samples: volumes });
spec('adaptiveMaxPool1d', adaptiveMaxPool1d as never, { reference: largest, samples: sequences });
spec('adaptiveMaxPool2d', adaptiveMaxPool2d as never, { reference: largest, samples: images });
spec('adaptiveMaxPool3d', adaptiveMaxPool3d as never, { reference: largest, samples: volumes });

describe.each(engines)('adaptive pooling on $name', ({ use }) => {
  it.each([
    ['adaptiveMaxPool1d', adaptiveMaxPool1d, [2, 3, 11], 4],
    ['adaptiveMaxPool2d', adaptiveMaxPool2d, [2, 3, 6, 7], [4, 2]],
    ['adaptiveMaxPool3d', adaptiveMaxPool3d, [2, 3, 5, 6, 4], [2, 3, 3]],
  ] as const)('%s says where its results are', (_, pool, shape, outputSize) => {
    use();
    seed(1);
    const x = randn(shape);
    const [y, places] = (pool as any)(x, outputSize, { returnIndices: true });
    const size = shape.slice(2).reduce((product, n) => product * n, 1);
    const values = x.data();
    const perChannel = y.size / 6;
    expect([...y.data()]).toEqual(
      [...places.data()].map((at: number, i) => values[Math.floor(i / perChannel) * size + at]),
    );
  });
});
