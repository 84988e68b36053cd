import { matmul, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, type Plain, spec } from '../../harness.js';

/** yᵢⱼ = Σₖ aᵢₖ · bₖⱼ by three loops, over broadcast batches. */
function reference([a, b]: Plain[]): Plain {
  const left = a.shape.length === 1 ? [1, ...a.shape] : a.shape;
  const right = b.shape.length === 1 ? [...b.shape, 1] : b.shape;
  const [m, k, n] = [left[left.length - 2], left[left.length - 1], right[right.length - 1]];
  const rank = Math.max(left.length, right.length) - 2;
  const dim = (shape: number[], i: number): number => shape[i - (rank + 2 - shape.length)] ?? 1;
  const batch = Array.from({ length: rank }, (_, i) => Math.max(dim(left, i), dim(right, i)));
  if (batch.some((_, i) => dim(left, i) === 0 || dim(right, i) === 0)) batch.fill(0);
  const matrix = (shape: number[], index: number[]): number =>
    index.reduce((at, position, i) => at * dim(shape, i) + (dim(shape, i) === 1 ? 0 : position), 0);

  const data: number[] = [];
  const count = batch.reduce((p, q) => p * q, 1);
  for (let t = 0; t < count; t++) {
    const index: number[] = [];
    for (let i = rank - 1, rest = t; i >= 0; rest = Math.floor(rest / batch[i]), i--) index.unshift(rest % batch[i]);
    const [ta, tb] = [matrix(left, index) * m * k, matrix(right, index) * k * n];
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let total = 0;
        for (let p = 0; p < k; p++) total += a.data[ta + i * k + p] * b.data[tb + p * n + j];
        data.push(total);
      }
    }
  }
  const rows = a.shape.length === 1 ? [] : [m];
  return { shape: [...batch, ...rows, ...(b.shape.length === 1 ? [] : [n])], data };
}

const shapes: [number[], number[]][] = [
  [
    [1, 1],
    [1, 1],
  ],
  [
    [2, 3],
    [3, 4],
  ],
  [[3], [3]],
  [[3], [3, 4]],
  [[2, 3], [3]],
  [
    [2, 2, 3],
    [3, 4],
  ],
  [
    [2, 3],
    [2, 3, 2],
  ],
  [
    [2, 1, 2, 3],
    [3, 3, 2],
  ],
  [
    [0, 3],
    [3, 2],
  ],
  [
    [2, 0],
    [0, 3],
  ],
  [
    [2, 3],
    [3, 0],
  ],
];

spec('matmul', matmul as (...args: any[]) => Tensor, {
  reference,
  samples: shapes.map(([a, b]) => ({ operands: [{ shape: a }, { shape: b }] })),
  errors: [
    {
      call: () => matmul(zeros([4, 3]), zeros([2, 5]) as Tensor),
      says: 'matmul: inner dimensions 3 and 2 differ: [4, 3] · [2, 5]; did you mean to transpose one?',
    },
    {
      call: () => matmul(zeros([]) as Tensor, zeros([2, 5])),
      says: 'matmul: a scalar cannot be multiplied: [] · [2, 5]; use mul',
    },
    {
      call: () => matmul(tensor([[true]]) as Tensor, tensor([[true]]) as Tensor),
      says: "matmul: bool has no product sums; convert with to('int32') or to('float32')",
    },
  ],
});

// Sizes around the blocks of the native kernel; sums of 130 products cancel, hence the slack.
spec('matmul of larger matrices', matmul as (...args: any[]) => Tensor, {
  reference,
  differentiable: 'elsewhere',
  slack: 8,
  samples: [
    [
      [65, 130],
      [130, 33],
    ],
    [
      [128, 64],
      [64, 96],
    ],
    [
      [3, 17, 40],
      [3, 40, 29],
    ],
  ].map(([a, b]) => ({ operands: [{ shape: a }, { shape: b }] })),
});

describe.each(engines)('matmul on $name', ({ use }) => {
  it('multiplies int32 exactly, bfloat16 in float32, and promotes', () => {
    use();
    const a = tensor([
      [1, 2],
      [3, 4],
    ]);
    for (const dtype of ['int32', 'bfloat16', 'float64'] as const) {
      const y = matmul(a.to(dtype), a.to(dtype));
      expect(y.dtype).toBe(dtype);
      expect(y.toArray()).toEqual([
        [7, 10],
        [15, 22],
      ]);
    }
    expect(matmul(a, a.to('float64')).dtype).toBe('float64');
  });

  it('carries NaN and infinities', () => {
    use();
    const y = matmul(
      tensor([
        [NaN, 0],
        [Infinity, 1],
      ]),
      tensor([
        [1, 0],
        [0, 1],
      ]),
    );
    expect(y.toArray()).toEqual([
      [NaN, NaN],
      [Infinity, NaN],
    ]);
  });
});
