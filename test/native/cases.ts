import type { View } from '../../lib/backend/backend.js';
import type { RealDType } from '../../lib/core/dtype.js';
import { roundedNumber } from '../bfloat16.js';
import { type Dense, dense, type Layout, layouts, positions, zeros } from './layouts.js';
import {
  naiveConv2d,
  naiveConv2dBias,
  naiveConv2dInput,
  naiveConv2dWeight,
  naiveMatmul,
  naivePool2d,
} from './naive.js';

/** A kernel call on made-up inputs, and what a plain loop says the results are. */
export interface Case {
  readonly name: string;
  readonly kernel: string;
  readonly dtype: RealDType;
  readonly inputs: readonly View[];
  readonly results: readonly { readonly dtype: RealDType; readonly layout: Layout }[];
  readonly numbers: readonly number[];
  readonly expected: () => readonly Dense[];
  /** Length of the sums: rounding grows with it. */
  readonly terms: number;
}

let state = 1;
/** Uniform in [0, 1): Lehmer's generator, the same numbers in every process. */
const random = (): number => {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
};

function made(dtype: RealDType, shape: readonly number[], layout: Layout): View {
  const view = zeros(dtype, shape, layout);
  for (const at of positions(view))
    view.storage.data[at] = dtype === 'int32' ? Math.floor(random() * 99) : random() * 2 - 1;
  return view;
}

/** The view with axes of length 1 repeated to `shape`. */
const expanded = (view: View, shape: readonly number[]): View => ({
  ...view,
  shape,
  strides: view.strides.map((stride, axis) => (view.shape[axis] === shape[axis] ? stride : 0)),
});

function matmulCase(
  dtype: RealDType,
  batch: readonly number[],
  [m, n, k]: readonly number[],
  [ya, aa, ba]: readonly Layout[],
  bias?: readonly number[],
): Case {
  const a = made(dtype, [...batch, m, k], aa);
  const b = expanded(made(dtype, [...batch.map(() => 1), k, n], ba), [...batch, k, n]);
  const inputs = bias ? [a, b, made(dtype, bias, 'gaps')] : [a, b];
  return {
    name: `matmul ${dtype} [${batch}] ${m}x${n}x${k} ${ya} ${aa} ${ba}${bias ? ` bias [${bias}]` : ''}`,
    kernel: 'matmul',
    dtype,
    inputs,
    results: [{ dtype, layout: ya }],
    numbers: [],
    expected: () => [naiveMatmul(inputs.map(dense))],
    terms: k,
  };
}

interface Window {
  images: number;
  channels: number;
  filters: number;
  size: readonly [number, number];
  window: readonly [number, number];
  stride?: readonly [number, number];
  pad?: readonly [number, number];
  dilation?: readonly [number, number];
  groups?: number;
  /** Along the depth, of volumes. */
  depth?: { size: number; window: number; stride?: number; pad?: number; dilation?: number };
}

function convCases(dtype: RealDType, layout: Layout, w: Window, inBFloat16 = false): Case[] {
  const { images, channels, filters, size, window, stride = [1, 1], pad = [0, 0], dilation = [1, 1], groups = 1 } = w;
  const { depth: d } = w;
  const deep = d === undefined ? [] : [{ stride: 1, pad: 0, dilation: 1, ...d }];
  const rounds = inBFloat16 ? 1 : 0;
  const depthNumbers = deep.flatMap(({ stride, pad, dilation }) => [0, rounds, stride, pad, dilation]);
  const numbers = [...stride, ...pad, ...dilation, groups, ...(d === undefined && inBFloat16 ? [0, 1] : depthNumbers)];
  const axes = size.map((size, i) => ({
    size,
    window: window[i],
    stride: stride[i],
    pad: pad[i],
    dilation: dilation[i],
  }));
  const out = [...deep, ...axes].map(
    ({ size, window, stride, pad, dilation }) =>
      Math.floor((size + 2 * pad - (window - 1) * dilation - 1) / stride) + 1,
  );
  const x = made(dtype, [images, channels, ...deep.map(({ size }) => size), ...size], layout);
  const weight = made(dtype, [filters, channels / groups, ...deep.map(({ window }) => window), ...window], layout);
  const dy = made(dtype, [images, filters, ...out], layout);
  const bias = made(dtype, [filters], 'gaps');
  const common = { dtype, numbers, results: [{ dtype, layout }] };
  const operand = (view: View) => {
    const { shape, values } = dense(view);
    return { shape, values: inBFloat16 ? values.map(roundedNumber) : values };
  };
  const name = `${inBFloat16 ? 'bfloat16' : dtype} ${layout} x [${x.shape}] w [${weight.shape}] ${numbers}`;
  const taps = [...deep.map(({ window }) => window), ...window].reduce((product, n) => product * n, 1);
  return [
    {
      ...common,
      name: `conv2d ${name}`,
      kernel: 'conv2d',
      inputs: [x, weight, bias],
      expected: () => [naiveConv2d(dy.shape, operand(x), operand(weight), numbers, dense(bias))],
      terms: (channels / groups) * taps,
    },
    {
      ...common,
      name: `conv2dInput ${name}`,
      kernel: 'conv2dInput',
      inputs: [dy, weight],
      expected: () => [naiveConv2dInput(x.shape, operand(dy), operand(weight), numbers)],
      terms: (filters / groups) * taps,
    },
    {
      ...common,
      name: `conv2dWeight ${name}`,
      kernel: 'conv2dWeight',
      inputs: [x, dy],
      expected: () => [naiveConv2dWeight(weight.shape, operand(x), operand(dy), numbers)],
      terms: out.reduce((product, n) => product * n, images),
    },
    {
      ...common,
      name: `conv2dWeight and bias ${name}`,
      kernel: 'conv2dWeight',
      inputs: [x, dy],
      results: [...common.results, { dtype, layout: 'gaps' }],
      expected: () => [naiveConv2dWeight(weight.shape, operand(x), operand(dy), numbers), naiveConv2dBias(dense(dy))],
      terms: out.reduce((product, n) => product * n, images),
    },
  ];
}

function poolCases(dtype: RealDType, layout: Layout, w: Window, ceilMode = false): Case[] {
  const { images, channels, size, window, stride = window, pad = [0, 0], dilation = [1, 1] } = w;
  const round = ceilMode ? Math.ceil : Math.floor;
  const out = size.map((s, i) => {
    const length = round((s + 2 * pad[i] - (window[i] - 1) * dilation[i] - 1) / stride[i]) + 1;
    return (length - 1) * stride[i] >= s + pad[i] ? length - 1 : length;
  });
  const x = made(dtype, [images, channels, ...size], layout);
  const data = x.storage.data;
  positions(x).forEach((at, i) => {
    if (i % 17 === 3) data[at] = i % 2 ? Number.NaN : Number.NEGATIVE_INFINITY;
    else data[at] = Math.round(data[at] * 4);
  });
  const dy = made(dtype, [images, channels, ...out], layout);
  const name = `${dtype} ${layout} x [${x.shape}] window ${window} stride ${stride} pad ${pad} dilation ${dilation}${ceilMode ? ' ceil' : ''}`;
  const common = { dtype, terms: window[0] * window[1] };
  const max = [...window, ...stride, ...pad, ...dilation];
  const largest = () => naivePool2d.max(dy.shape, dense(x), max);
  const indices = zeros('int32', dy.shape, layout);
  const values = largest()[1].values;
  positions(indices).forEach((at, i) => {
    indices.storage.data[at] = values[i];
  });
  const pooled = made(dtype, dy.shape, layout);
  const cases: Case[] = [
    {
      ...common,
      name: `maxPool2d ${name}`,
      kernel: 'maxPool2d',
      inputs: [x],
      results: [
        { dtype, layout },
        { dtype: 'int32', layout },
      ],
      numbers: max,
      expected: largest,
    },
    {
      ...common,
      name: `maxPool2dInput ${name}`,
      kernel: 'maxPool2dInput',
      inputs: [dy, indices],
      results: [{ dtype, layout }],
      numbers: [],
      expected: () => [naivePool2d.maxInput(x.shape, dense(dy), dense(indices))],
    },
    {
      ...common,
      name: `maxPool2dInput of relu ${name}`,
      kernel: 'maxPool2dInput',
      inputs: [dy, indices, pooled],
      results: [{ dtype, layout }],
      numbers: [],
      expected: () => {
        const { shape, values } = dense(dy);
        const above = dense(pooled).values;
        const masked = { shape, values: values.map((value, i) => (above[i] > 0 ? value : 0)) };
        return [naivePool2d.maxInput(x.shape, masked, dense(indices))];
      },
    },
  ];
  if (dilation[0] !== 1 || dilation[1] !== 1) return cases;
  const clean = made(dtype, x.shape, layout);
  for (const countPadding of [0, 1]) {
    const average = [...window, ...stride, ...pad, countPadding, ...pad];
    cases.push(
      {
        ...common,
        name: `avgPool2d ${name} count ${countPadding}`,
        kernel: 'avgPool2d',
        inputs: [clean],
        results: [{ dtype, layout }],
        numbers: average,
        expected: () => [naivePool2d.average(dy.shape, dense(clean), average)],
      },
      {
        ...common,
        name: `avgPool2dInput ${name} count ${countPadding}`,
        kernel: 'avgPool2dInput',
        inputs: [dy],
        results: [{ dtype, layout }],
        numbers: average,
        expected: () => [naivePool2d.averageInput(x.shape, dense(dy), average)],
      },
    );
  }
  return cases;
}

/** Channels, filters and widths around the edges of tiles and vectors; then what else decides how a convolution is cut. */
function edgeWindows(): Window[] {
  const counts = [1, 2, 3, 5, 8, 13, 15, 16, 17, 31, 33, 65];
  const widths = [33, 7, 32, 15, 16, 17, 8, 9, 31, 14, 28, 12];
  const edges = counts.flatMap((channels, i): Window[] => {
    const filters = counts[counts.length - 1 - i];
    const common = { images: 2, channels, filters, size: [4, widths[i]], window: [3, 3] } as const;
    return [
      { ...common, pad: [1, 1] },
      { ...common, pad: [2, 3], stride: [2, 2], dilation: [1, 2] },
      { ...common, filters: channels, groups: channels, pad: [1, 1] },
      { ...common, window: [1, 1] },
    ];
  });
  return [
    ...edges,
    // One image is cut into blocks of rows, and filters into parts.
    { images: 1, channels: 12, filters: 10, size: [50, 64], window: [3, 3], pad: [1, 1] },
    { images: 1, channels: 4, filters: 130, size: [2, 2], window: [3, 3], pad: [1, 1] },
    { images: 1, channels: 70, filters: 3, size: [20, 32], window: [3, 3], pad: [1, 1], stride: [2, 1] },
    // Images share a unit of the weight gradient; its planes would compete for the cache.
    { images: 19, channels: 17, filters: 33, size: [2, 3], window: [2, 2], pad: [1, 1] },
    { images: 16, channels: 6, filters: 8, size: [6, 6], window: [3, 3], pad: [1, 1] },
    { images: 2, channels: 20, filters: 18, size: [16, 32], window: [3, 3], pad: [1, 1] },
    // Outputs of one element, of one column and of one row; padding that is wider than the image.
    { images: 3, channels: 18, filters: 40, size: [3, 4], window: [3, 4] },
    { images: 2, channels: 16, filters: 16, size: [9, 1], window: [3, 1], pad: [1, 0] },
    { images: 2, channels: 16, filters: 7, size: [1, 40], window: [1, 3], pad: [0, 1] },
    { images: 2, channels: 18, filters: 20, size: [2, 3], window: [3, 2], pad: [6, 7] },
    // Sums of nothing.
    { images: 2, channels: 0, filters: 3, size: [4, 5], window: [3, 3], pad: [1, 1] },
    { images: 2, channels: 3, filters: 0, size: [4, 5], window: [3, 3], pad: [1, 1] },
    // Windows side by side, read where they lie: images that go together, and in groups; lines that are left over.
    { images: 19, channels: 6, filters: 34, size: [8, 8], window: [2, 2], stride: [2, 2] },
    { images: 3, channels: 10, filters: 64, size: [9, 11], window: [2, 4], stride: [2, 3], groups: 2 },
    // Strides beyond the window: inputs that nobody reads.
    { images: 2, channels: 20, filters: 36, size: [8, 11], window: [1, 2], stride: [2, 3] },
  ];
}

/** Volumes: planes outside of them, those that strides leave out, many and few channels, and planes that nothing connects. */
function volumeWindows(): Window[] {
  const small = { images: 2, size: [5, 6], window: [3, 3], pad: [1, 1] } as const;
  return [
    { ...small, channels: 3, filters: 5, depth: { size: 4, window: 3, pad: 1 } },
    { ...small, channels: 18, filters: 20, depth: { size: 5, window: 3, pad: 1 } },
    { ...small, channels: 17, filters: 40, depth: { size: 7, window: 3, pad: 2, stride: 2 } },
    { ...small, channels: 16, filters: 16, stride: [2, 2], depth: { size: 6, window: 2, stride: 2 } },
    { ...small, channels: 5, filters: 33, depth: { size: 9, window: 2, stride: 3, dilation: 2 } },
    { ...small, channels: 4, filters: 6, groups: 2, depth: { size: 4, window: 2, pad: 1, dilation: 3 } },
    { ...small, channels: 6, filters: 6, groups: 6, depth: { size: 3, window: 3, pad: 1 } },
    {
      images: 2,
      channels: 16,
      filters: 34,
      size: [6, 7],
      window: [2, 2],
      stride: [2, 2],
      depth: { size: 7, window: 2, stride: 2 },
    },
    // One plane at a time; one that strides leave out; none within the volume.
    { ...small, channels: 20, filters: 9, depth: { size: 3, window: 1 } },
    { ...small, channels: 9, filters: 9, groups: 9, depth: { size: 5, window: 1, stride: 2 } },
    { ...small, channels: 3, filters: 4, depth: { size: 1, window: 1, pad: 2 } },
    { ...small, channels: 2, filters: 0, depth: { size: 3, window: 3, pad: 1 } },
    { ...small, channels: 20, filters: 18, window: [1, 1], pad: [0, 0], depth: { size: 3, window: 1 } },
    { ...small, channels: 20, filters: 18, window: [1, 1], pad: [0, 0], depth: { size: 5, window: 3, pad: 1 } },
    // More filters than the threads share out by images, and small images that go together.
    { images: 1, channels: 8, filters: 300, size: [3, 3], window: [3, 3], pad: [1, 1], depth: { size: 2, window: 2 } },
    { images: 9, channels: 4, filters: 17, size: [3, 3], window: [2, 2], depth: { size: 3, window: 2, pad: 1 } },
  ];
}

/** Convolutions by Winograd's way: around the edges of tiles, panels of filters, blocks of tiles and images. */
function winogradCases(): Case[] {
  const counts = [1, 2, 3, 5, 8, 13, 14, 15, 16, 17, 29, 33, 65];
  const sizes = [33, 7, 32, 15, 16, 17, 8, 9, 31, 14, 28, 12, 4];
  const edges = counts.map((channels, i): Window => {
    const filters = counts[counts.length - 1 - i];
    const size = [sizes[i], sizes[(5 * i + 3) % sizes.length]] as const;
    return { images: 1 + (i % 3), channels, filters, size, window: [3, 3], pad: [i % 3, (i + 1) % 3] };
  });
  const windows: Window[] = [
    ...edges,
    // Images of one tile and less, which share vectors; the smallest outputs; padding beyond the window.
    { images: 70, channels: 3, filters: 5, size: [3, 4], window: [3, 3], pad: [1, 1] },
    { images: 1, channels: 1, filters: 1, size: [1, 1], window: [3, 3], pad: [1, 1] },
    { images: 40, channels: 2, filters: 3, size: [3, 3], window: [3, 3] },
    { images: 2, channels: 3, filters: 4, size: [5, 2], window: [3, 3], pad: [4, 6] },
    // Rows of more tiles than a block has, filters shared out, sums of nothing.
    { images: 1, channels: 2, filters: 3, size: [6, 150], window: [3, 3], pad: [1, 1] },
    { images: 1, channels: 40, filters: 300, size: [9, 10], window: [3, 3], pad: [1, 1] },
    { images: 2, channels: 0, filters: 3, size: [4, 5], window: [3, 3], pad: [1, 1] },
    { images: 2, channels: 3, filters: 0, size: [4, 5], window: [3, 3], pad: [1, 1] },
    // Volumes, of which the depth has stride 1.
    ...volumeWindows().filter(
      ({ window: [h], stride, groups, depth }) => h === 3 && !stride && !groups && !depth?.stride,
    ),
  ];
  return windows.flatMap((window, i) =>
    convCases('float32', layouts[i % layouts.length], window)
      .filter(({ kernel }) => kernel !== 'conv2dWeight')
      .map((test) => ({
        ...test,
        name: `${test.name} by Winograd`,
        kernel: `${test.kernel}Winograd`,
        // Twice the error of the sums, and that of the transforms.
        terms: 2 * test.terms + 60,
      })),
  );
}

/** The plain loops run once, however many engines are held against them. */
function computedOnce(test: Case): Case {
  let results: readonly Dense[] | undefined;
  return {
    ...test,
    expected: () => {
      results ??= test.expected();
      return results;
    },
  };
}

/** Convolutions whose operands are rounded to bfloat16 and whose sums are float32. */
export const bfloat16Cases = (): Case[] =>
  [
    ...edgeWindows(),
    ...volumeWindows(),
    { images: 3, channels: 4, filters: 6, size: [7, 9], window: [3, 2] } as const,
    // Rows of outputs of even length, which follow each other in pairs, and of odd.
    { images: 2, channels: 3, filters: 34, size: [5, 36], window: [3, 3], pad: [1, 1] } as const,
    { images: 2, channels: 3, filters: 34, size: [5, 37], window: [3, 3], pad: [1, 1] } as const,
  ].flatMap((window, i) => convCases('float32', layouts[i % layouts.length], window, true).map(computedOnce));

/** Every case; float64 is as exact a check of the indices as there is, float32 has the wider vectors. */
export function allCases(): Case[] {
  const cases: Case[] = [];
  for (const dtype of ['float32', 'float64'] as const) {
    // Around every tile edge of every instruction set, and k around a panel's depth.
    const sizes = [0, 1, 3, 4, 5, 6, 7, 13, 14, 15, 16, 17, 31, 33, 65, 130];
    for (let i = 0; i < 60; i++) {
      const pick = () => sizes[Math.floor(random() * sizes.length)];
      const shape = [pick(), pick(), i % 7 === 0 ? 300 + pick() : pick()];
      const layout = [0, 0, 0].map(() => layouts[Math.floor(random() * layouts.length)]);
      const bias = [undefined, [shape[1]], [shape[0], 1], [1]][i % 4];
      cases.push(matmulCase(dtype, i % 5 === 0 ? [2, 3] : [], shape, layout, bias));
    }
    cases.push(matmulCase(dtype, [], [700, 40, 260], ['rows', 'rows', 'columns'], [40]));
    cases.push(matmulCase(dtype, [], [45, 300, 520], ['columns', 'rows', 'rows'], [300]));

    for (const layout of layouts) {
      const tiny = { images: 2, channels: 4, filters: 6, size: [7, 9], window: [3, 2] } as const;
      cases.push(...convCases(dtype, layout, tiny));
      cases.push(...convCases(dtype, layout, { ...tiny, stride: [2, 3], pad: [1, 2], dilation: [2, 1], groups: 2 }));
      cases.push(...poolCases(dtype, layout, { ...tiny, pad: [1, 1] }));
      cases.push(...poolCases(dtype, layout, { ...tiny, stride: [2, 1], dilation: [2, 3] }));
      cases.push(...poolCases(dtype, layout, { ...tiny, window: [3, 3], stride: [2, 2], pad: [1, 1] }, true));
    }
    const windows: Window[] = [
      { images: 9, channels: 1, filters: 6, size: [28, 28], window: [5, 5], pad: [2, 2] },
      { images: 3, channels: 6, filters: 16, size: [14, 14], window: [5, 5] },
      { images: 1, channels: 40, filters: 33, size: [6, 35], window: [3, 3], pad: [1, 1] },
      { images: 20, channels: 5, filters: 70, size: [4, 4], window: [3, 3], pad: [1, 1] },
      { images: 3, channels: 4, filters: 128, size: [9, 7], window: [3, 2], stride: [2, 1], pad: [1, 0], groups: 2 },
      { images: 2, channels: 8, filters: 8, size: [9, 9], window: [1, 1] },
      { images: 2, channels: 8, filters: 5, size: [9, 8], window: [1, 1], stride: [2, 2] },
      { images: 2, channels: 6, filters: 12, size: [10, 10], window: [3, 3], pad: [1, 1], groups: 6 },
      { images: 2, channels: 2, filters: 3, size: [50, 4], window: [3, 4], pad: [30, 5], dilation: [20, 3] },
      { images: 2, channels: 3, filters: 4, size: [5, 6], window: [5, 6], stride: [3, 1] },
      { images: 2, channels: 2, filters: 2, size: [11, 5], window: [2, 2], stride: [5, 4], pad: [1, 1] },
      { images: 1, channels: 3, filters: 7, size: [40, 60], window: [7, 7], stride: [2, 2], pad: [3, 3] },
    ];
    for (const window of [...windows, ...edgeWindows(), ...volumeWindows()])
      cases.push(...convCases(dtype, 'rows', window));
    for (const size of [
      [14, 38],
      [6, 26],
      [5, 10],
      [4, 64],
    ] as const) {
      cases.push(...poolCases(dtype, 'rows', { images: 3, channels: 5, filters: 5, size, window: [2, 2] }));
    }
    cases.push(
      ...poolCases(dtype, 'rows', { images: 1, channels: 2, filters: 2, size: [15, 9], window: [2, 2] }, true),
    );
  }
  cases.push(...winogradCases());
  cases.push(matmulCase('int32', [2], [5, 7, 9], ['rows', 'columns', 'gaps'], [7]));
  return cases.map(computedOnce);
}
