import { readsResults, resultCount, type View } from '../backend/index.js';
import { bytesPerElement } from '../core/dtype.js';
import { sizeOf } from '../core/shape.js';

/*
 * What a kernel call costs by its formula. An operation is an addition, multiplication, division, comparison of numbers or
 * one evaluation of an elementary function (exp, erf, √ …): each counts 1. What only moves elements or compares whole
 * numbers in passing counts 0. Convolutions count the padding too, as PyTorch's and everybody's counters do.
 */

/** Floating-point operations of a call. */
type Flops = (views: readonly View[], numbers: readonly number[]) => number;

const size = ({ shape }: View): number => sizeOf(shape);

const last = ({ shape }: View): number => shape[shape.length - 1];

/** 1 for a part that a call has: a view, or the number of a function, which is 0 for none. */
const optional = (part: View | number | undefined): number => (part ? 1 : 0);

/** So many operations for each element of a view, by default of the first result. */
const each =
  (operations: number, view = 0): Flops =>
  (views) =>
    operations * size(views[view]);

/** 2 · the elements of the result · the length of each sum; bias, a function of the result and a residual once an element. */
const matmul: Flops = ([y, a, , ...added], [applied]) =>
  2 * size(y) * last(a) + size(y) * (added.length + optional(applied));

/** Convolution and its two derivatives multiply and add once for each element of y and of the weight's slice for it. */
const convolution = (y: View, weight: View): number =>
  2 * size(y) * weight.shape[1] * weight.shape[2] * weight.shape[3];

/**
 * Of each tile of 4 × 4 outputs 36 products and sums of a channel and a filter; the transforms of its channels, of its
 * filters, and of the windows.
 */
const winograd = ({ shape: [images, , height, width] }: View, channels: number, filters: number): number =>
  images * Math.ceil(height / 4) * Math.ceil(width / 4) * (72 * channels * filters + 288 * channels + 160 * filters) +
  153 * channels * filters;

/** The products of a recurrent layer's states with its weight, in so many steps. */
const recurrence = (steps: number, { shape: [, batch] }: View, weight: View): number =>
  2 * steps * batch * size(weight);

/** The product of its inputs of all steps with their weight. */
const inputs = ({ shape: [steps, batch] }: View, weight: View): number => 2 * steps * batch * size(weight);

/** Multiplications and additions, and others, for each pair of a query and a key that it sees. */
const attention = (query: View, key: View, [, causal]: readonly number[], each: number): number => {
  const [queries, width] = query.shape.slice(-2);
  const keys = key.shape[key.shape.length - 2];
  // Of the queries 0, 1, … each sees a key more, until all are seen.
  const few = Math.min(queries, keys);
  const seen = causal ? (few * (few + 1)) / 2 + Math.max(0, queries - keys) * keys : queries * keys;
  return (size(query) / Math.max(1, queries * width)) * seen * each;
};

const window = ([height, width]: readonly number[]): number => height * width;

/** Of kernels that do so much for each element; functions of elements that are not here count 1. */
const counts: Record<number, readonly string[]> = {
  0: [
    ...['copy', 'fill', 'where', 'gather', 'indexSelect'],
    ...['uniform', 'normal', 'bernoulli', 'randint'], // whole-number arithmetic
  ],
  3: ['tanhGradient', 'sigmoidGradient'], // dy · (1 − y²), dy · y · (1 − y)
  4: ['softmaxGradient', 'logSoftmaxGradient'], // y · (dy − Σ dy · y), dy − exp y · Σ dy
  5: ['softmax', 'logSoftmax'], // maximum, difference, exp, sum, quotient or difference
};

const flops: Readonly<Record<string, Flops>> = {
  ...Object.fromEntries(Object.entries(counts).flatMap(([n, kernels]) => kernels.map((k) => [k, each(Number(n))]))),
  // Each of its functions counts 1.
  chain: ([y], [, , functions]) => functions * size(y),
  matmul,
  conv2d: ([y, , weight, bias], numbers) => convolution(y, weight) + size(y) * (optional(bias) + optional(numbers[7])),
  conv2dInput: ([, dy, weight]) => convolution(dy, weight),
  conv2dWinograd: ([y, x, , bias], numbers) =>
    winograd(y, x.shape[1], y.shape[1]) + size(y) * (optional(bias) + optional(numbers[7])),
  conv2dInputWinograd: ([dx, dy]) => winograd(dx, dy.shape[1], dx.shape[1]),
  conv2dWeight: ([dw, , dy]) => convolution(dy, dw),
  maxPool2d: ([y], numbers) => size(y) * window(numbers),
  avgPool2d: ([y], numbers) => size(y) * window(numbers),
  avgPool2dInput: ([, dy], numbers) => size(dy) * window(numbers),
  // One for each element that is reduced, searched or added.
  cumsum: each(1),
  ...Object.fromEntries(['sum', 'max', 'min', 'argmax', 'argmin'].map((kernel) => [kernel, each(1, 1)])),
  findOutside: each(2),
  scatterAdd: each(1, 2),
  indexAdd: each(1, 2),
  maxPool2dInput: each(1, 1),
  // x · (1 + erf(x / √2)) / 2, and by tanh of a cubic polynomial
  gelu: each(5),
  geluGradient: each(11),
  geluTanh: each(9),
  geluTanhGradient: each(19),
  // Maximum, difference, exp, sum; difference twice, exp, product.
  crossEntropy: each(4, 3),
  crossEntropyGradient: each(4),
  // Mean 1, variance 3, y 3; sums of dy and dy · (x − mean) 4, dx 5.
  batchNorm: each(7),
  batchNormGradient: each(9),
  // Mean 1, variance 3, y 4; weight · dy and x̂ 3, their sums 3, the parameters' 3, dx 4.
  layerNorm: each(8),
  layerNormGradient: each(13),
  // Scores and means 2 (E + V); peak, difference, exp, sum 4.
  attention: ([y, , q, k], numbers) => attention(q, k, numbers, 2 * (last(q) + last(y)) + 4),
  // Scores, dq and dk 6 E, dv and dy · vᵀ 4 V; difference, exp, factor, difference, product 5.
  attentionGradient: ([, , , dy, , , q, k], numbers) => attention(q, k, numbers, 6 * last(q) + 4 * last(dy) + 5),
  // Mean 1, variance 3, y 3; sums of dy and dy · x̂ 5, dx 7.
  groupNorm: each(7),
  groupNormGradient: each(12),
  // Without a state before the first step one product less. Sums and functions of an output, of all steps.
  rnn: (v) => inputs(v[1], v[2]) + recurrence(v[0].shape[0] - (v.length > 5 ? 0 : 1), v[0], v[3]) + 3 * size(v[0]),
  rnnGradient: (v) => recurrence(v[0].shape[0] - (v.length > 4 ? 0 : 1), v[0], v[v.length - 1]) + 4 * size(v[0]),
  lstm: (v) => inputs(v[3], v[4]) + recurrence(v[1].shape[0] - (v.length > 7 ? 0 : 1), v[1], v[5]) + 17 * size(v[2]),
  lstmGradient: (v) =>
    recurrence(v[0].shape[0] - (v.length > 5 ? 0 : 1), v[0], v[v.length > 5 ? 6 : 4]) + 6 * size(v[0]),
  gru: (v) => inputs(v[4], v[5]) + recurrence(v[1].shape[0] - (v.length > 8 ? 0 : 1), v[1], v[6]) + 17 * size(v[2]),
  gruGradient: (v) =>
    recurrence(v[0].shape[0] - (v.length > 7 ? 0 : 1), v[0], v[v.length > 7 ? 7 : 6]) + 6 * size(v[0]),
  // θ − lr · (g + decay · θ); with momentum its update 3, and one more product and sum for Nesterov's.
  sgdStep: (views, [, , , nesterov]) => size(views[0]) * (views.length === 2 ? 4 : nesterov ? 9 : 7),
  // g + decay · θ 2, first moment 3, second 4, √v / c + eps 3, θ 4; its maximum 1.
  adamStep: (views) => size(views[0]) * (views.length === 4 ? 16 : 17),
  // Golub, Van Loan 2013, "Matrix Computations", section 8.3.5: values alone, and with vectors.
  eigh: ({ length, 0: values }) => (length === 2 ? 4 / 3 : 9) * size(values) * values.shape[1] ** 2,
  peak: ([y], [rounds]) => 2 * size(y) * rounds,
};

/** The names of the kernels whose operations are counted here. */
export const countedKernels: readonly string[] = Object.keys(flops);

/** Elements of memory behind a view; those that it repeats count once. */
function elements({ shape, strides }: View): number {
  let count = 1;
  for (let i = 0; i < shape.length; i++) if (strides[i] !== 0) count *= shape[i];
  return count;
}

/** Kernels that read or change only some elements of a view: that of the first number has as many as the second's. */
const sparse: Readonly<Record<string, readonly [view: number, like: number]>> = {
  gather: [1, 0],
  indexSelect: [1, 0],
  scatterAdd: [0, 2],
  indexAdd: [0, 2],
};

export interface Cost {
  readonly flops: number;
  /** Bytes of operands, each element once, as if caches were perfect. */
  readonly read: number;
  readonly written: number;
}

/** What a call costs. */
export function costOf(kernel: string, views: readonly View[], numbers: readonly number[]): Cost {
  const results = resultCount({ kernel, views, numbers });
  const [partial, like] = sparse[kernel] ?? [-1, -1];
  let read = 0;
  let written = 0;
  for (let i = 0; i < views.length; i++) {
    const bytes = elements(views[i === partial ? like : i]) * bytesPerElement[views[i].dtype];
    if (i < results) written += bytes;
    if (i >= results || readsResults(kernel)) read += bytes;
  }
  return { flops: (flops[kernel] ?? each(1))(views, numbers), read, written };
}
