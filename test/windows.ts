import { build, indices } from './axes.js';
import type { Plain, Sample } from './harness.js';

/* References of ops with windows, from their definitions, for any number of axes of space. */

type Each = number | number[];
export interface WindowOptions {
  stride?: Each;
  dilation?: Each;
  /** One number, one an axis, or [before, after] for each axis. */
  padding?: Each | [number, number][];
  groups?: number;
}

const each = (value: Each, rank: number): number[] => (typeof value === 'number' ? new Array(rank).fill(value) : value);

export function sidesOf(padding: Each | [number, number][] = 0, rank: number): [number, number][] {
  if (typeof padding === 'number') return new Array(rank).fill([padding, padding]);
  return padding.map((n) => (typeof n === 'number' ? [n, n] : n));
}

/** x at an index of which the first two are batch and channel; 0 outside. */
export const reading =
  (x: Plain) =>
  (index: readonly number[]): number => {
    if (index.some((n, i) => n < 0 || n >= x.shape[i])) return 0;
    return x.data[index.reduce((flat, n, i) => flat * x.shape[i] + n, 0)];
  };

/** y[n, o, …] = bias[o] + Σ w[o, c, …] · x[n, g · C/groups + c, …]; any number of axes. */
export function convolution([x, w, bias]: Plain[], ...args: (WindowOptions | undefined)[]): Plain {
  const { stride = 1, dilation = 1, padding, groups = 1 } = args.at(-1) ?? {};
  const [n, , ...sizes] = x.shape;
  const [o, perGroup, ...taps] = w.shape;
  const rank = sizes.length;
  const [steps, gaps, sides] = [each(stride, rank), each(dilation, rank), sidesOf(padding, rank)];
  const counts = sizes.map((size, a) => {
    const padded = size + sides[a][0] + sides[a][1];
    return Math.floor((padded - gaps[a] * (taps[a] - 1) - 1) / steps[a]) + 1;
  });
  const [image, kernel] = [reading(x), reading(w)];
  return build([n, o, ...counts], ([b, f, ...place]) => {
    const first = Math.floor(f / (o / groups)) * perGroup;
    return indices([perGroup, ...taps]).reduce((total, [c, ...tap]) => {
      const at = place.map((i, a) => i * steps[a] + tap[a] * gaps[a] - sides[a][0]);
      return total + kernel([f, c, ...tap]) * image([b, first + c, ...at]);
    }, bias?.data[f] ?? 0);
  });
}

export interface TransposedOptions extends WindowOptions {
  outputPadding?: Each;
}

/** Every input puts the kernel, times its value, into the result. */
export function transposedConvolution([x, w, bias]: Plain[], ...args: (TransposedOptions | undefined)[]): Plain {
  const { stride = 1, dilation = 1, padding, outputPadding = 0, groups = 1 } = args.at(-1) ?? {};
  const [n, c, ...counts] = x.shape;
  const [, perGroup, ...taps] = w.shape;
  const rank = counts.length;
  const [steps, gaps, sides] = [each(stride, rank), each(dilation, rank), sidesOf(padding, rank)];
  const more = each(outputPadding, rank);
  const sizes = counts.map(
    (count, a) => (count - 1) * steps[a] - sides[a][0] - sides[a][1] + gaps[a] * (taps[a] - 1) + 1 + more[a],
  );
  const shape = [n, perGroup * groups, ...sizes];
  const y = build(shape, ([, f]) => bias?.data[f] ?? 0);
  const [image, kernel] = [reading(x), reading(w)];
  for (const [b, channel, ...place] of indices(x.shape)) {
    for (const [f, ...tap] of indices([perGroup, ...taps])) {
      const at = place.map((i, a) => i * steps[a] + tap[a] * gaps[a] - sides[a][0]);
      if (at.some((i, a) => i < 0 || i >= sizes[a])) continue;
      const filter = Math.floor(channel / (c / groups)) * perGroup + f;
      const flat = [b, filter, ...at].reduce((flat, i, a) => flat * shape[a] + i, 0);
      y.data[flat] += kernel([channel, f, ...tap]) * image([b, channel, ...place]);
    }
  }
  return y;
}

/** Operands x, w and perhaps a bias of `bias` elements, with options. */
export const convolutionSample = (
  x: number[],
  w: number[],
  options: object = {},
  { bias, smooth = true }: { bias?: number; smooth?: boolean } = {},
): Sample => ({
  operands: [
    { shape: x, range: [-1, 1] },
    { shape: w, range: [-1, 1] },
    ...(bias === undefined ? [] : [{ shape: [bias] }]),
  ],
  args: bias === undefined ? [undefined, options] : [options],
  smooth,
});

export interface PoolingOptions {
  kernelSize: Each;
  stride?: Each;
  padding?: Each;
  dilation?: Each;
  ceilMode?: boolean;
  countIncludePad?: boolean;
}

/** Brings the elements of every window, and how many places of the padded image it has, to a function. */
export const pooling =
  (f: (values: number[], places: number) => number) =>
  ([x]: Plain[], options: PoolingOptions): Plain => {
    const [n, c, ...sizes] = x.shape;
    const rank = sizes.length;
    const kernel = each(options.kernelSize, rank);
    const stride = each(options.stride ?? options.kernelSize, rank);
    const padding = each(options.padding ?? 0, rank);
    const dilation = each(options.dilation ?? 1, rank);
    const counts = sizes.map((size, a) => {
      const steps = (size + 2 * padding[a] - dilation[a] * (kernel[a] - 1) - 1) / stride[a];
      const positions = (options.ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1;
      return (positions - 1) * stride[a] >= size + padding[a] ? positions - 1 : positions;
    });
    const image = reading(x);
    return build([n, c, ...counts], ([b, channel, ...place]) => {
      const windows = indices(kernel).map((tap) =>
        tap.map((p, a) => place[a] * stride[a] + p * dilation[a] - padding[a]),
      );
      const places = windows.filter((at) => at.every((i, a) => i < sizes[a] + padding[a])).length;
      const values = windows
        .filter((at) => at.every((i, a) => i >= 0 && i < sizes[a]))
        .map((at) => image([b, channel, ...at]));
      return f(values, options.countIncludePad === false ? values.length : places);
    });
  };

export const poolingSample = (shape: number[], options: PoolingOptions & { [key: string]: unknown }): Sample => ({
  operands: [{ shape }],
  args: [options],
});

/** What every pooling of sequences, images and volumes must take. */
export const poolingSamples: Record<1 | 2 | 3, Sample[]> = {
  1: [
    poolingSample([1, 1, 2], { kernelSize: 2 }),
    poolingSample([2, 2, 7], { kernelSize: 3, stride: 2, padding: 1 }),
    poolingSample([1, 2, 6], { kernelSize: 3, stride: 2, padding: 1, ceilMode: true }),
    poolingSample([0, 2, 4], { kernelSize: 2 }),
  ],
  2: [
    poolingSample([1, 1, 2, 2], { kernelSize: 2 }),
    poolingSample([2, 3, 4, 6], { kernelSize: 2 }),
    poolingSample([2, 2, 5, 7], { kernelSize: 3, stride: 2, padding: 1 }),
    poolingSample([1, 2, 5, 7], { kernelSize: 2, ceilMode: true }),
    poolingSample([1, 2, 6, 6], { kernelSize: 3, stride: 2, padding: 1, ceilMode: true }),
    poolingSample([1, 2, 6, 7], { kernelSize: [2, 3], stride: [2, 1], padding: [1, 0] }),
    poolingSample([0, 2, 4, 4], { kernelSize: 2 }),
  ],
  3: [
    poolingSample([1, 1, 2, 2, 2], { kernelSize: 2 }),
    poolingSample([1, 2, 3, 4, 4], { kernelSize: [2, 3, 2], stride: [1, 2, 2], padding: [1, 1, 0] }),
    poolingSample([1, 1, 3, 4, 3], { kernelSize: 2, padding: 1, ceilMode: true }),
    poolingSample([0, 2, 4, 4, 4], { kernelSize: 2 }),
  ],
};

/** Batches of sequences, images and volumes for layers that take any: a few, one, none. */
export const layerInputs = {
  1: [
    [2, 2, 4],
    [1, 1, 5],
    [0, 2, 4],
  ],
  2: [
    [2, 2, 4, 3],
    [1, 1, 5, 4],
    [0, 2, 4, 4],
  ],
  3: [
    [1, 2, 3, 2, 3],
    [1, 1, 4, 3, 5],
    [0, 2, 4, 4, 4],
  ],
};
