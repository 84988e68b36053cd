import { linalg, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { eachMatrix, gauss, singularValuesOf, transposed } from '../../linalg.js';
import { reducing } from '../../reduction.js';

const orders = ['fro', 'nuc', 1, -1, 2, -2, Infinity, -Infinity] as const;

function normOf(rows: number[][], ord: string | number = 'fro'): number {
  const sums = (lines: number[][]): number[] => lines.map((line) => line.reduce((sum, x) => sum + Math.abs(x), 0));
  const values = singularValuesOf(rows);
  if (ord === 'fro') return Math.hypot(...rows.flat());
  if (ord === 'nuc') return values.reduce((sum, x) => sum + x, 0);
  if (ord === 2) return values[0];
  if (ord === -2) return values[values.length - 1];
  const all = sums(Math.abs(ord as number) === 1 ? transposed(rows) : rows);
  return (ord as number) > 0 ? Math.max(...all) : Math.min(...all);
}

spec('matrixNorm', linalg.matrixNorm, {
  reference: ([a], ord, { keepDims = false } = {}) =>
    eachMatrix(
      () => (keepDims ? [1, 1] : []),
      (rows) => [normOf(rows, ord)],
    )([a]),
  samples: orders.flatMap((ord) => [
    { operands: [{ shape: [3, 2] }], args: [ord] },
    { operands: [{ shape: [2, 2, 3] }], args: [ord, { keepDims: true }] },
  ]),
  slack: 16,
  errors: [
    {
      call: () => linalg.matrixNorm(zeros([2, 2]), 3),
      says: "matrixNorm: ord must be 'fro', 'nuc', 1, -1, 2, -2, Infinity or -Infinity; got 3",
    },
    {
      call: () => linalg.matrixNorm(zeros([0, 2]), 2),
      says: "matrixNorm: there is none of zero elements; got shape [0, 2], ord 2; use 'fro' or 'nuc'",
    },
  ],
});

spec('vectorNorm', linalg.vectorNorm, {
  reference: ([x], ord = 2, { axis, keepDims = false } = {}) =>
    reducing((values) => {
      const sizes = values.map(Math.abs);
      if (ord === 0) return sizes.filter((size) => size !== 0).length;
      if (ord === Infinity) return Math.max(...sizes);
      if (ord === -Infinity) return Math.min(...sizes);
      return sizes.reduce((sum, size) => sum + size ** ord, 0) ** (1 / ord);
    })([x], axis, { keepDims }),
  samples: [
    { operands: [{ shape: [5] }] },
    ...[3, 0.5, -1, -2, Infinity, -Infinity].map((ord) => ({
      operands: [{ shape: [2, 3] }],
      args: [ord, { axis: 1 }],
    })),
    { operands: [{ shape: [2, 3] }], args: [1, { axis: [0, 1], keepDims: true }] },
    { operands: [{ shape: [2, 3] }], args: [0], smooth: false },
  ],
  slack: 32,
  errors: [{ call: () => linalg.vectorNorm(zeros([2]), NaN), says: 'vectorNorm: ord must be a number; got NaN' }],
});

spec('cond', linalg.cond, {
  reference: ([a], ord = 2) =>
    eachMatrix(
      () => [],
      (rows) => {
        if (Math.abs(ord) === 2) return [normOf(rows, ord) / normOf(rows, -ord)];
        const unit = rows.map((row, i) => row.map((_, j) => Number(i === j)));
        return [normOf(rows, ord) * normOf(gauss(rows, unit), ord)];
      },
    )([a]),
  samples: [
    ...orders.map((ord) => ({ operands: [{ shape: [2, 2, 2] }], args: [ord] })),
    { operands: [{ shape: [3, 2] }] },
  ],
  slack: 512,
  errors: [
    {
      call: () => linalg.cond(zeros([2, 2]), 3),
      says: "cond: ord must be 'fro', 'nuc', 1, -1, 2, -2, Infinity or -Infinity; got 3",
    },
    { call: () => linalg.cond(zeros([2, 3]), 1), says: 'cond: square matrices are needed; got shape [2, 3]' },
  ],
});

describe.each(engines)('cond on $name', ({ use }) => {
  it('is infinite where a matrix is singular', () => {
    use();
    const singular: Tensor = tensor([
      [1, 2],
      [2, 4],
    ]);
    for (const ord of ['fro', 'nuc', 1, Infinity] as const) expect(linalg.cond(singular, ord).item()).toBe(Infinity);
    expect(
      linalg
        .cond(
          tensor([
            [1, 0],
            [0, 0],
          ]),
        )
        .item(),
    ).toBe(Infinity);
  });
});
