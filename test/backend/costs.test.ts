import { expect, it } from 'vitest';
import 'adjoint';
import 'adjoint/metrics';
import 'adjoint/profile';
import { costOf, factsOf, type View } from '../../lib/backend/index.js';
import { loadAddon } from '../../lib/backend/native.js';
import type { RealDType } from '../../lib/core/dtype.js';
import { contiguousStrides } from '../../lib/core/shape.js';
import { Storage } from '../../lib/core/storage.js';

const view = (shape: number[], strides = contiguousStrides(shape), dtype: RealDType = 'float32'): View => ({
  storage: new Storage(new Float32Array(0)),
  dtype,
  offset: 0,
  shape,
  strides,
});

const costs: [
  what: string,
  kernel: string,
  views: View[],
  numbers: number[],
  flops: number,
  read: number,
  written: number,
][] = [
  ['a product: 2mnk', 'matmul', [view([5, 7]), view([5, 3]), view([3, 7])], [], 210, 4 * (15 + 21), 4 * 35],
  ['with bias', 'matmul', [view([5, 7]), view([5, 3]), view([3, 7]), view([7])], [], 245, 4 * (15 + 21 + 7), 4 * 35],
  ['and a function', 'matmul', [view([5, 7]), view([5, 3]), view([3, 7]), view([7])], [4], 280, 4 * 43, 4 * 35],
  [
    'and a residual',
    'matmul',
    [[5, 7], [5, 3], [3, 7], [7], [5, 7]].map((shape) => view(shape)),
    [4, 0, 1],
    315,
    4 * 78,
    4 * 35,
  ],
  ['and none, in bfloat16', 'matmul', [view([5, 7]), view([5, 3]), view([3, 7])], [0, 1], 210, 4 * 36, 4 * 35],
  [
    'of batches',
    'matmul',
    [view([2, 5, 7]), view([2, 5, 3]), view([2, 3, 7], [0, 7, 1])],
    [],
    420,
    4 * (30 + 21),
    4 * 70,
  ],
  [
    'a convolution in two groups',
    'conv2d',
    [view([2, 6, 4, 4]), view([2, 4, 6, 6]), view([6, 2, 3, 3]), view([6])],
    [1, 1, 0, 0, 1, 1, 2],
    2 * 192 * 18 + 192,
    4 * (288 + 108 + 6),
    4 * 192,
  ],
  [
    "a convolution by Winograd's way: 36 products for each of 2 · 2 tiles and 4 · 6 pairs of a channel and a filter",
    'conv2dWinograd',
    [view([2, 6, 4, 5]), view([2, 4, 6, 7]), view([6, 4, 3, 3]), view([6])],
    [1, 1, 0, 0, 1, 1, 1],
    4 * (72 * 24 + 288 * 4 + 160 * 6) + 153 * 24 + 240,
    4 * (336 + 216 + 6),
    4 * 240,
  ],
  ['an element each', 'exp', [view([3, 4]), view([3, 4])], [], 12, 48, 48],
  ['of bytes', 'copy', [view([8], [1], 'uint8'), view([8], [1], 'float64')], [], 0, 64, 8],
  ['broadcast', 'add', [view([3, 4]), view([3, 4]), view([3, 4], [0, 0])], [], 12, 4 * 13, 48],
  ['a sum', 'sum', [view([3, 1]), view([3, 4])], [], 12, 48, 12],
  [
    'a pool',
    'maxPool2d',
    [view([1, 1, 2, 2]), view([1, 1, 2, 2]), view([1, 1, 4, 6])],
    [2, 3, 2, 3, 0, 0, 1, 1],
    24,
    96,
    32,
  ],
  ['rows of a table', 'indexSelect', [view([2, 8]), view([1000, 8]), view([2])], [0], 0, 4 * (16 + 2), 64],
  ['rows added to a table', 'indexAdd', [view([1000, 8]), view([2]), view([2, 8])], [0], 16, 4 * (16 + 2 + 16), 64],
  [
    'attention: each pair of query and key',
    'attention',
    [view([2, 3, 6]), view([2, 3, 2]), view([2, 3, 4]), view([2, 5, 4]), view([2, 5, 6])],
    [1, 0, 0, 0, 0],
    30 * 24,
    4 * (24 + 40 + 60),
    4 * (36 + 12),
  ],
  [
    'only those that it sees',
    'attention',
    [view([3, 1]), view([3, 2]), view([3, 1]), view([2, 1]), view([2, 1])],
    [1, 1, 0, 0, 0],
    (1 + 2 + 2) * 8,
    4 * 7,
    4 * 9,
  ],
  [
    'and its gradients',
    'attentionGradient',
    [
      [3, 4],
      [5, 4],
      [5, 6],
      [3, 6],
      [3, 6],
      [3, 2],
      [3, 4],
      [5, 4],
      [5, 6],
    ].map((shape) => view(shape)),
    [1, 0, 0, 0, 0],
    15 * (24 + 24 + 5),
    4 * (18 + 18 + 6 + 12 + 20 + 30),
    4 * (12 + 20 + 30),
  ],
  [
    'a step of Adam',
    'adamStep',
    [10, 10, 10, 10].map((n) => view([n])),
    [1, 1, 0.9, 0.999, 1e-8, 0, 1, 0],
    160,
    160,
    120,
  ],
  [
    'a recurrent layer, whose first step has no product',
    'lstm',
    [[4, 2, 4], [3, 2, 16], [3, 2, 4], [3, 2, 5], [16, 5], [16, 4], [16]].map((shape) => view(shape)),
    [0, 0],
    2 * 3 * 2 * 80 + 2 * 2 * 2 * 64 + 17 * 24,
    4 * (30 + 80 + 64 + 16),
    4 * (32 + 96 + 24),
  ],
  [
    'and its gradient, that of its first state too',
    'rnnGradient',
    [
      [3, 2, 4],
      [2, 4],
      [3, 2, 4],
      [3, 2, 4],
      [4, 4],
    ].map((shape) => view(shape)),
    [0, 0, 0],
    3 * 2 * 2 * 16 + 4 * 24,
    4 * (24 + 24 + 16),
    4 * (24 + 8),
  ],
  ['a search', 'findOutside', [view([9])], [0, 1, Number.NaN], 18, 36, 0],
  ['a chain of three', 'chain', [view([6]), view([6]), view([6]), view([6], [0])], [2, 2, 3], 18, 28, 48],
  ['nothing', 'matmul', [view([0, 7]), view([0, 3]), view([3, 7])], [], 0, 84, 0],
];

it.each(costs)('%s', (_, kernel, views, numbers, flops, read, written) => {
  expect(costOf(kernel, views, numbers)).toMatchObject({ flops, read, written });
});

it.each([
  [
    'matmul',
    [
      [2, 5, 7],
      [2, 5, 3],
      [3, 7],
    ],
    2 * 5 * 7 * 3,
  ],
  ['conv2d', [[2, 6, 4, 4], [2, 4, 6, 6], [6, 2, 3, 3], [6]], 192 * 18],
  [
    'conv2dWinograd',
    [
      [2, 6, 4, 5],
      [2, 4, 6, 7],
      [6, 4, 3, 3],
    ],
    240 * 36,
  ],
  [
    'conv2dInput',
    [
      [2, 4, 6, 6],
      [2, 6, 4, 4],
      [6, 2, 3, 3],
    ],
    192 * 18,
  ],
  ['lstm', [[4, 2, 4], [3, 2, 16], [3, 2, 4], [3, 2, 5], [16, 5], [16, 4], [16]], 3 * 2 * 80 + 2 * 2 * 64],
  ['add', [[3], [3], [3]], 0],
])('the sums of %s consist of products, however they are computed', (kernel, shapes, products) => {
  expect(
    costOf(
      kernel,
      shapes.map((shape) => view(shape)),
      [1, 1, 0, 0, 1, 1, 1],
    ).products,
  ).toBe(products);
});

it('somebody says of every kernel what it writes and costs', () => {
  for (const kernel of loadAddon().kernels) expect(factsOf(kernel).flops).toBeDefined();
});
