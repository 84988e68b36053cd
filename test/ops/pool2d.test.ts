import { avgPool2d, globalAveragePool2d, maxPool2d, ones, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, type Sample, spec } from '../harness.js';

interface Options {
  kernelSize: number | [number, number];
  stride?: number | [number, number];
  padding?: number | [number, number];
  dilation?: number | [number, number];
  ceilMode?: boolean;
  countIncludePad?: boolean;
}

const pair = (value: number | [number, number]): [number, number] =>
  typeof value === 'number' ? [value, value] : value;

/** Brings the elements of every window, and how many places of the padded image it has, to a function. */
const pooling =
  (f: (values: number[], places: number) => number) =>
  ([x]: Plain[], options: Options): Plain => {
    const kernel = pair(options.kernelSize);
    const stride = pair(options.stride ?? options.kernelSize);
    const padding = pair(options.padding ?? 0);
    const dilation = pair(options.dilation ?? 1);
    const [n, c, ...size] = x.shape;
    const count = [0, 1].map((a) => {
      const steps = (size[a] + 2 * padding[a] - dilation[a] * (kernel[a] - 1) - 1) / stride[a];
      const positions = (options.ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1;
      return (positions - 1) * stride[a] >= size[a] + padding[a] ? positions - 1 : positions;
    });
    const data: number[] = [];
    for (let plane = 0; plane < n * c; plane++) {
      for (let i = 0; i < count[0]; i++) {
        for (let j = 0; j < count[1]; j++) {
          const values: number[] = [];
          let places = 0;
          for (let p = 0; p < kernel[0]; p++) {
            for (let q = 0; q < kernel[1]; q++) {
              const row = i * stride[0] + p * dilation[0] - padding[0];
              const column = j * stride[1] + q * dilation[1] - padding[1];
              if (row < size[0] + padding[0] && column < size[1] + padding[1]) places++;
              if (row < 0 || row >= size[0] || column < 0 || column >= size[1]) continue;
              values.push(x.data[(plane * size[0] + row) * size[1] + column]);
            }
          }
          data.push(f(values, options.countIncludePad === false ? values.length : places));
        }
      }
    }
    return { shape: [n, c, ...count], data };
  };

const sample = (shape: number[], options: Options): Sample => ({ operands: [{ shape }], args: [options] });

const shared = [
  sample([1, 1, 2, 2], { kernelSize: 2 }),
  sample([2, 3, 4, 6], { kernelSize: 2 }),
  sample([2, 2, 5, 7], { kernelSize: 3, stride: 2, padding: 1 }),
  sample([1, 2, 5, 7], { kernelSize: 2, ceilMode: true }),
  sample([1, 2, 6, 6], { kernelSize: 3, stride: 2, padding: 1, ceilMode: true }),
  sample([1, 2, 6, 7], { kernelSize: [2, 3], stride: [2, 1], padding: [1, 0] }),
  sample([0, 2, 4, 4], { kernelSize: 2 }),
];

spec('maxPool2d', maxPool2d as never, {
  reference: pooling((values) => Math.max(...values)),
  samples: [...shared, sample([1, 2, 8, 8], { kernelSize: 3, stride: 1, padding: 1, dilation: 2 })],
  errors: [
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

spec('avgPool2d', avgPool2d as never, {
  reference: pooling((values, places) => values.reduce((a, b) => a + b, 0) / places),
  samples: [...shared, sample([2, 2, 5, 6], { kernelSize: 3, stride: 2, padding: 1, countIncludePad: false })],
  errors: [
    {
      call: () => avgPool2d(ones([1, 1, 4, 4]), { kernelSize: [2, 4], padding: 2 }),
      says: 'avgPool2d: padding must be at most half of the kernel [2, 4], or a window could be empty; got [2, 2]',
    },
  ],
});

spec('globalAveragePool2d', globalAveragePool2d as never, {
  reference: ([x]) => {
    const [n, c, h, w] = x.shape;
    const data = Array.from({ length: n * c }, (_, i) => x.data.slice(i * h * w, (i + 1) * h * w));
    return { shape: [n, c, 1, 1], data: data.map((plane) => plane.reduce((a, b) => a + b, 0) / (h * w)) };
  },
  samples: [
    [2, 3, 4, 5],
    [1, 1, 1, 1],
    [0, 2, 3, 3],
  ].map((shape) => ({ operands: [{ shape }] })),
  errors: [
    {
      call: () => globalAveragePool2d(ones([3, 4]) as never),
      says: 'globalAveragePool2d: x must have the axes [batch, channels, height, width]; got [3, 4]; a single image [C, H, W] needs reshape([1, C, H, W])',
    },
  ],
});

it('sends the gradient of equal maxima to the first, and passes NaN on', () => {
  const x = ones([1, 1, 2, 2]).requireGrad();
  maxPool2d(x, { kernelSize: 2 }).sum().backward();
  expect(x.grad?.data()).toEqual(new Float32Array([1, 0, 0, 0]));
  expect(maxPool2d(tensor([[[[1, NaN]]]]), { kernelSize: [1, 2] }).item()).toBeNaN();
});
