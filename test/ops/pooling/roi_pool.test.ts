import { ones, type RoiPoolOptions, roiPool, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { build, indices } from '../../axes.js';
import { engines, type Plain, type Sample, spec } from '../../harness.js';
import { reading } from '../../windows.js';

const pooling = ([x, regions]: Plain[], { outputSize, spatialScale = 1, bins = 'overlap' }: RoiPoolOptions): Plain => {
  const counts = typeof outputSize === 'number' ? [outputSize, outputSize] : outputSize;
  const image = reading(x);
  return build([regions.shape[0], x.shape[1], ...counts], ([k, c, ...place]) => {
    const [n, left, top, right, bottom] = regions.data.slice(5 * k, 5 * k + 5);
    const ranges = place.map((i, a) => {
      const within = (value: number): number =>
        Math.min(Math.max(Math.floor(value * spatialScale + 0.5), 0), x.shape[2 + a] - 1);
      const first = within(a === 0 ? top : left);
      const extent = Math.max(1, within(a === 0 ? bottom : right) - first + 1);
      const [low, high] = [(i * extent) / counts[a], ((i + 1) * extent) / counts[a]];
      const start = bins === 'ceil' ? Math.ceil(low) : Math.floor(low);
      const end = bins === 'floor' ? Math.floor(high) : Math.ceil(high);
      return [first + start, end - start];
    });
    const values = indices(ranges.map(([, length]) => length)).map((at) =>
      image([n, c, ...at.map((i, a) => ranges[a][0] + i)]),
    );
    return values.length === 0 ? 0 : Math.max(...values);
  });
};

const regions = [0, 0, 0, 2, 3, 1, 1, 2, 4, 2, 0, 3, 1, 9, 4, 1, 2, 2, 2, 2];
const sample = (options: RoiPoolOptions): Sample => ({
  operands: [{ shape: [2, 2, 5, 4] }, { shape: [4, 5], dtype: 'int32', values: regions }],
  args: [options],
});
const operation = (x: never, regions: never, options: RoiPoolOptions) => roiPool(x, regions, options);

spec('roiPool', operation as never, {
  reference: pooling as never,
  samples: [
    sample({ outputSize: 2 }),
    sample({ outputSize: [3, 2], bins: 'floor' }),
    sample({ outputSize: [2, 3], bins: 'ceil' }),
    sample({ outputSize: 2, spatialScale: 0.5 }),
  ],
  errors: [
    {
      call: () => roiPool(ones([1, 1, 4, 4]), tensor([[7, 0, 0, 1, 1]]), { outputSize: 2 }),
      says: 'roiPool: index 7 at [0] must be within 0 … 0, an image of x [1, 1, 4, 4]',
    },
    {
      call: () => roiPool(ones([1, 1, 4, 4]), ones([2, 4]), { outputSize: 2 }),
      says: 'roiPool: regions must be [regions, 5], each image, left, top, right, bottom; got [2, 4]',
    },
    {
      call: () => roiPool(ones([1, 1, 4, 4]), ones([2, 5]), { outputSize: 2, bins: 'round' as never }),
      says: "roiPool: bins must be 'overlap', 'floor' or 'ceil'; got 'round'",
    },
    {
      call: () => roiPool(ones([1, 1, 4, 4]), ones([2, 5]), { outputSize: 2, spatialScale: 0 }),
      says: 'roiPool: spatialScale must be a number > 0; got 0',
    },
  ],
});

const numbered = tensor(
  Float32Array.from({ length: 16 }, (_, i) => i),
  { shape: [1, 1, 4, 4] },
);
const printed = tensor([
  [0.88, 0.44, 0.14, 0.16, 0.37, 0.77, 0.96, 0.27],
  [0.19, 0.45, 0.57, 0.16, 0.63, 0.29, 0.71, 0.7],
  [0.66, 0.26, 0.82, 0.64, 0.54, 0.73, 0.59, 0.26],
  [0.85, 0.34, 0.76, 0.84, 0.29, 0.75, 0.62, 0.25],
  [0.32, 0.74, 0.21, 0.39, 0.34, 0.03, 0.33, 0.48],
  [0.2, 0.14, 0.16, 0.13, 0.73, 0.65, 0.96, 0.32],
  [0.19, 0.69, 0.09, 0.86, 0.88, 0.07, 0.01, 0.48],
  [0.83, 0.24, 0.97, 0.04, 0.24, 0.35, 0.5, 0.91],
]).reshape([1, 1, 8, 8]);

// No rule gives both of the printed results: the first needs bins that are rounded up, the second bins that are rounded down.
describe.each(engines)("roiPool on $name has the lecture notes' examples", ({ use }) => {
  it.each([
    ['ceil', [5, 6, 9, 10]],
    ['overlap', [5, 6, 9, 10]],
    ['floor', [0, 2, 8, 10]],
  ] as const)('lecture notes 004, line 7134: bins %s, printed 5, 6, 9, 10', (bins, expected) => {
    use();
    const pooled = roiPool(numbered, tensor([[0, 0, 0, 2, 2]]), { outputSize: 2, bins });
    expect(pooled.data()).toEqual(new Float32Array(expected));
  });

  it.each([
    ['floor', [0.85, 0.84, 0.97, 0.96]],
    ['ceil', [0.85, 0.96, 0.97, 0.88]],
    ['overlap', [0.85, 0.96, 0.97, 0.96]],
  ] as const)('lecture notes 004, lines 7147–7173: bins %s, printed 0.85, 0.84, 0.97, 0.96', (bins, expected) => {
    use();
    const pooled = roiPool(printed, tensor([[0, 0, 3, 6, 7]]), { outputSize: 2, bins });
    expect(pooled.data()).toEqual(new Float32Array(expected));
  });
});
