import { type DType, eye, linalg, type Tensor, tensor } from 'adjoint';
import { expect } from 'vitest';
import { type Plain, randomSequence } from './harness.js';

/* What the tests of linear algebra share: matrices of every kind, and how far from right a result may be. */

export const epsilon: Record<string, number> = { float32: 2 ** -23, float64: 2 ** -52 };
export const floats: readonly DType[] = ['float32', 'float64'];

export function randomMatrix(shape: readonly number[], seed: number, dtype: DType = 'float64'): Tensor {
  const random = randomSequence(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Float64Array.from({ length: size }, () => 2 * random() - 1);
  return tensor(values, { shape: [...shape] }).to(dtype) as Tensor;
}

/**
 * Matrices [..., m, n]: random; with columns from 1 down to 10⁻¹²; of rank 2 at most, and with something faint added, whose
 * squares vanish; with values that are as good as equal; of equal elements; the unit matrix; tiny and huge; 0.
 */
export function kinds(shape: readonly number[], dtype: DType): Record<string, Tensor> {
  const [m, n] = shape.slice(-2);
  const batch = shape.slice(0, -2);
  const random = randomMatrix(shape, 1 + m * 31 + n);
  const graded = tensor(Float64Array.from({ length: n }, (_, j) => 10 ** (-(12 * j) / Math.max(1, n - 1))));
  const low = randomMatrix([...batch, m, 2], 5).matmul(randomMatrix([...batch, 2, n], 6)) as Tensor;
  const [tiny, huge] = dtype === 'float32' ? [1e-38, 1e35] : [1e-300, 1e300];
  const unit = eye(Math.max(m, n), { dtype: 'float64' }).slice([0, m], [0, n]) as Tensor;
  const all = {
    random,
    graded: random.mul(graded),
    low,
    faint: low.add(random.mul(dtype === 'float32' ? 1e-22 : 1e-160)),
    clustered: random.mul(1e-6).add(unit),
    equal: random.mul(0).add(1),
    unit: random.mul(0).add(unit),
    tiny: random.mul(tiny),
    huge: random.mul(huge),
    zero: random.mul(0),
  };
  return Object.fromEntries(Object.entries(all).map(([name, x]) => [name, (x as Tensor).to(dtype) as Tensor]));
}

/** Calls `check` with matrices of every kind, of sizes below a block of the kernels and beyond it, on an engine of that name. */
export function forEachKind(engine: string, check: (a: Tensor, what: string) => void): void {
  const shapes = [
    [1, 1],
    [2, 2],
    [2, 9, 9],
    [40, 17],
    [17, 40],
    ...(engine === 'reference'
      ? []
      : [
          [70, 34],
          [34, 70],
          [100, 100],
          [150, 150],
        ]),
  ];
  for (const shape of shapes) {
    for (const dtype of floats) {
      for (const [kind, a] of Object.entries(kinds(shape, dtype))) check(a, `${kind} [${shape}] ${dtype}`);
    }
  }
}

export const largest = (x: Tensor): number => (x.size === 0 ? 0 : (x.to('float64').abs().max().item() as number));

/** Fails unless a and b differ by no more than `room` roundings of the larger of b's elements, or of `scale`. */
export function expectNear(a: Tensor, b: Tensor, room: number, what: string, scale = largest(b)): void {
  expect(a.shape, `${what}: shape`).toEqual(b.shape);
  const unit = epsilon[a.dtype];
  // Denormals have no more digits than they have.
  const least = a.dtype === 'float32' ? 2 ** -149 : 5e-324;
  const away = largest((a.to('float64') as Tensor).sub(b.to('float64')));
  expect(away, what).toBeLessThanOrEqual(room * (unit * scale + least));
}

/** Fails unless the columns of q are orthonormal. */
export function expectOrthonormal(q: Tensor, room: number, what: string): void {
  const k: number = q.shape[q.rank - 1];
  const x = q.to('float64') as Tensor;
  const product = x.transpose().matmul(x) as Tensor;
  expectNear(product.to(q.dtype), eye(k, { dtype: q.dtype }).expand(product.shape) as Tensor, room, what, 1);
}

/** Matrices of a batch, each as rows. */
export function matrices({ shape, data }: Plain): number[][][] {
  const [m, n] = shape.slice(-2);
  const count = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  return Array.from({ length: count }, (_, b) =>
    Array.from({ length: m }, (_, i) => data.slice((b * m + i) * n, (b * m + i + 1) * n)),
  );
}

/** A reference from a function of the rows of each matrix, whose result has the axes that follow. */
export const eachMatrix =
  (shapeOf: (m: number, n: number) => number[], f: (rows: number[][], ...args: any[]) => number[]) =>
  ([a]: Plain[], ...args: any[]): Plain => ({
    shape: [...a.shape.slice(0, -2), ...shapeOf(a.shape[a.shape.length - 2], a.shape[a.shape.length - 1])],
    data: matrices(a).flatMap((rows) => f(rows, ...args)),
  });

export const transposed = (rows: number[][]): number[][] => rows[0]?.map((_, j) => rows.map((row) => row[j])) ?? [];

export const multiplied = (a: number[][], b: number[][]): number[][] =>
  a.map((row) => (b[0] ?? []).map((_, j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0)));

/** Eigenvalues of the symmetric part by Jacobi's rotations. Source: Golub, Van Loan 2013, section 8.5. */
export function jacobi(rows: number[][]): number[] {
  const n = rows.length;
  const a = rows.map((row, i) => row.map((value, j) => 0.5 * (value + rows[j][i])));
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (a[p][q] === 0) continue;
        const angle = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]);
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (let k = 0; k < n; k++) [a[k][p], a[k][q]] = [c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]];
        for (let k = 0; k < n; k++) [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
      }
    }
  }
  return a.map((row, i) => row[i]).sort((x, y) => x - y);
}

/** Singular values, descending, by the eigenvalues of the matrix with the blocks 0, a; aᵀ, 0, which are ± these and 0. */
export function singularValuesOf(rows: number[][]): number[] {
  const [m, n] = [rows.length, rows[0]?.length ?? 0];
  const both = Array.from({ length: m + n }, (_, i) =>
    Array.from({ length: m + n }, (_, j) => (i < m && j >= m ? rows[i][j - m] : i >= m && j < m ? rows[j][i - m] : 0)),
  );
  return jacobi(both).reverse().slice(0, Math.min(m, n));
}

/** The determinant by its first row. */
export function expanded(rows: number[][]): number {
  if (rows.length === 0) return 1;
  return rows[0].reduce((sum, x, j) => {
    const minor = rows.slice(1).map((row) => row.filter((_, k) => k !== j));
    return sum + (j % 2 === 0 ? x : -x) * expanded(minor);
  }, 0);
}

/** Gauss and Jordan's elimination with full pivoting: the solution for several right-hand sides. */
export function gauss(rows: number[][], right: number[][]): number[][] {
  const n = rows.length;
  const a = rows.map((row, i) => [...row, ...right[i]]);
  const columns = rows.map((_, j) => j);
  for (let k = 0; k < n; k++) {
    let [p, q] = [k, k];
    for (let i = k; i < n; i++) for (let j = k; j < n; j++) if (Math.abs(a[i][j]) > Math.abs(a[p][q])) [p, q] = [i, j];
    [a[k], a[p]] = [a[p], a[k]];
    for (const row of a) [row[k], row[q]] = [row[q], row[k]];
    [columns[k], columns[q]] = [columns[q], columns[k]];
    const pivot = a[k][k];
    a[k] = a[k].map((x) => x / pivot);
    for (let i = 0; i < n; i++) {
      const factor = a[i][k];
      if (i !== k) a[i] = a[i].map((x, j) => x - factor * a[k][j]);
    }
  }
  return rows.map((_, j) => a[columns.indexOf(j)].slice(n));
}

/** Square matrices with 3, 4, … more on the diagonal, so that random ones are far from singular. */
export const regular = (a: Tensor): Tensor =>
  a.add(
    linalg.diag(tensor(Float64Array.from({ length: a.shape[a.rank - 1] }, (_, i) => 3 + i))).to(a.dtype) as Tensor,
  ) as Tensor;
export const regularRows = (rows: number[][]): number[][] =>
  rows.map((row, i) => row.map((x, j) => (i === j ? x + 3 + i : x)));
