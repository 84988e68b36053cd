import type { Plain, Sample } from './harness.js';

/* What the specs of poolings share. */

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
export const pooling =
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

export const sample = (shape: number[], options: Options): Sample => ({ operands: [{ shape }], args: [options] });

/** What every pooling must take. */
export const samples = [
  sample([1, 1, 2, 2], { kernelSize: 2 }),
  sample([2, 3, 4, 6], { kernelSize: 2 }),
  sample([2, 2, 5, 7], { kernelSize: 3, stride: 2, padding: 1 }),
  sample([1, 2, 5, 7], { kernelSize: 2, ceilMode: true }),
  sample([1, 2, 6, 6], { kernelSize: 3, stride: 2, padding: 1, ceilMode: true }),
  sample([1, 2, 6, 7], { kernelSize: [2, 3], stride: [2, 1], padding: [1, 0] }),
  sample([0, 2, 4, 4], { kernelSize: 2 }),
];
