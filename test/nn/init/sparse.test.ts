import { Generator, nn, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { message } from '../../message.js';

const { sparse } = nn.init;

it('sparse leaves so many elements of each column, in other rows', () => {
  const w = sparse(zeros([40, 30], { dtype: 'float64' }), { sparsity: 0.91, std: 2, generator: new Generator(3) });
  const columns = w.transpose().toArray() as number[][];
  const rows = columns.map((column) => column.flatMap((value, row) => (value === 0 ? [] : [row])));
  // 40 − ⌈0.91 · 40⌉
  for (const found of rows) expect(found.length).toBe(3);
  expect(new Set(rows.map(String)).size).toBeGreaterThan(25);
  const values = columns.flat().filter((value) => value !== 0);
  const std = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  // 90 numbers: the estimate's own deviation is 7.5 %.
  expect(Math.abs(std / 2 - 1)).toBeLessThan(0.25);
});

it('sparse states its errors', () => {
  expect(message(() => sparse(zeros([3]), { sparsity: 0.5 }))).toBe(
    'ShapeError sparse: the tensor must have the axes [out, in]; got [3]',
  );
  expect(message(() => sparse(zeros([3, 3]), { sparsity: 2 }))).toBe(
    'ValueError sparse: sparsity must be within 0 … 1; got 2',
  );
  expect(message(() => sparse(zeros([3, 3]), { sparsity: 0.5, std: -1 }))).toBe(
    'ValueError sparse: std must be a finite number ≥ 0; got -1',
  );
});
