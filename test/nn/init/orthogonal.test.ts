import { Generator, nn, type Tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../../harness.js';
import { message } from '../../message.js';

const { orthogonal } = nn.init;

/** The largest difference of rows · rowsᵀ from gain² on the diagonal, and 0 beside it. */
function defect(rows: Tensor, gain = 1): number {
  const [n] = rows.shape;
  const products = rows.matmul(rows.transpose()).data();
  return Math.max(...products.map((value: number, i: number) => Math.abs(value - (i % (n + 1) === 0 ? gain ** 2 : 0))));
}

describe.each(engines)('orthogonal on $name', ({ use }) => {
  it('gives orthonormal rows or columns, whichever are fewer', () => {
    use();
    const generator = new Generator(2);
    const wide = { dtype: 'float64' } as const;
    expect(defect(orthogonal(zeros([7, 7], wide), { generator }))).toBeLessThan(1e-13);
    expect(defect(orthogonal(zeros([5, 12], wide), { generator, gain: 3 }), 3)).toBeLessThan(1e-12);
    expect(defect(orthogonal(zeros([12, 5], wide), { generator }).transpose())).toBeLessThan(1e-13);
    expect(defect(orthogonal(zeros([4, 3, 3, 3], wide), { generator }).reshape([4, 27]))).toBeLessThan(1e-13);
    expect(defect(orthogonal(zeros([20, 20]), { generator }))).toBeLessThan(1e-5);
  });
});

it('orthogonal takes turns of all directions', () => {
  const generator = new Generator(4);
  const traces = Array.from({ length: 200 }, () => {
    const [a, , , d] = orthogonal(zeros([2, 2], { dtype: 'float64' }), { generator }).data();
    return a + d;
  });
  // Half of them are reflections, of trace 0; a turn by φ has 2 cos φ: mean 0, mean square 1 over both.
  const mean = traces.reduce((sum, x) => sum + x, 0) / 200;
  const square = traces.reduce((sum, x) => sum + x * x, 0) / 200;
  expect(Math.abs(mean)).toBeLessThan(0.25);
  expect(Math.abs(square - 1)).toBeLessThan(0.3);
});

it('orthogonal states its errors, and leaves an empty tensor as it is', () => {
  expect(message(() => orthogonal(zeros([3])))).toBe(
    'ShapeError orthogonal: the tensor must have the axes [out, in, ...]; got [3]',
  );
  expect(message(() => orthogonal(zeros([3, 3]), { gain: -1 }))).toBe(
    'ValueError orthogonal: gain must be a finite number ≥ 0; got -1',
  );
  expect(orthogonal(zeros([0, 3])).shape).toEqual([0, 3]);
});
