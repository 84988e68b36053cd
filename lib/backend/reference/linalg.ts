import { sizeOf } from '../../core/shape.js';
import type { View } from '../backend.js';
import { type Kernel, type KernelTable, read, writable } from './loops.js';

/*
 * Decompositions of matrices as textbooks have them, by other ways than the native kernels go: Jacobi's and Givens' rotations
 * for reflectors, elimination without blocks, a series for Padé's approximant. In float64 for every dtype.
 */

/** A matrix by rows. */
type Rows = Float64Array[];

/** What a kernel writes for one matrix of the batch, in the order of its results; null: the matrix was not finite. */
type Decompose = (operands: Rows[], shapes: readonly (readonly number[])[]) => ArrayLike<number>[];

/** A kernel from a function of one matrix of a batch; what is not finite gives NaN. */
const batched =
  (results: (views: readonly View[]) => number, decompose: (numbers: readonly number[]) => Decompose): Kernel =>
  (views, numbers) => {
    const count = results(views);
    const outputs = views.slice(0, count).map(writable);
    const inputs = views.slice(count).map((view) => ({ values: read(view), shape: view.shape }));
    const sizes = views.map(({ shape }) => sizeOf(shape.slice(1)));
    const shapes = views.map(({ shape }) => shape.slice(1));
    for (let b = 0; b < views[0].shape[0]; b++) {
      const matrices = inputs.map(({ values, shape: [, m, n] }) =>
        Array.from({ length: m }, (_, i) => Float64Array.from(values.subarray((b * m + i) * n, (b * m + i + 1) * n))),
      );
      const found = decompose(numbers)(matrices, shapes);
      found.forEach((values, r) => {
        for (let i = 0; i < sizes[r]; i++) outputs[r].values[b * sizes[r] + i] = values[i];
      });
    }
    for (const { done } of outputs) done();
  };

const flat = (rows: Rows): number[] => rows.flatMap((row) => [...row]);
const isFinite = (rows: Rows): boolean => rows.every((row) => row.every(Number.isFinite));
const nothing = (shape: readonly number[]): number[] => new Array<number>(sizeOf(shape)).fill(Number.NaN);
const unit = (n: number): Rows =>
  Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, j) => Number(i === j)));
const transposed = (rows: Rows, columns: number): Rows =>
  Array.from({ length: columns }, (_, j) => Float64Array.from(rows, (row) => row[j]));
const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, i) => sum + value * y[i], 0);
const product = (a: Rows, b: Rows): Rows => {
  const columns = transposed(b, b[0].length);
  return a.map((row) => Float64Array.from(columns, (column) => dot(row, column)));
};

/** x, y = c x + s y, c y − s x */
function rotate(x: Float64Array, y: Float64Array, c: number, s: number): void {
  for (let i = 0; i < x.length; i++) {
    const before = x[i];
    x[i] = c * before + s * y[i];
    y[i] = c * y[i] - s * before;
  }
}

function negate(x: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i] = -x[i];
}

/** The rotation that makes what couples two elements of a symmetric matrix 0. Source: Golub, Van Loan 2013, section 8.5.2. */
function jacobi(p: number, q: number, coupling: number): [c: number, s: number] {
  const tau = (q - p) / (2 * coupling);
  const t = tau === 0 ? 1 : Math.sign(tau) / (Math.abs(tau) + Math.hypot(1, tau));
  const c = 1 / Math.hypot(1, t);
  return [c, -t * c];
}

/** Powers of two that bring the largest element to 1 … 2, so that no square overflows. */
function scaleOf(rows: Rows): number {
  const largest = rows.reduce((most, row) => row.reduce((most, x) => Math.max(most, Math.abs(x)), most), 0);
  return largest === 0 ? 1 : 2 ** Math.min(Math.max(Math.floor(Math.log2(largest)), -1000), 1000);
}

const scaled = (rows: Rows, scale: number): Rows => rows.map((row) => row.map((x) => x / scale));

/** Doolittle's elimination by rows with partial pivoting: Golub, Van Loan 2013, algorithm 3.4.1. */
function eliminate(a: Rows, n: number): { order: number[]; sign: number; status: number } {
  const order = a.map((_, i) => i);
  let sign = 1;
  let status = 0;
  for (let k = 0; k < Math.min(a.length, n); k++) {
    let pivot = k;
    for (let i = k + 1; i < a.length; i++) if (Math.abs(a[i][k]) > Math.abs(a[pivot][k])) pivot = i;
    if (a[pivot][k] === 0) {
      status ||= k + 1;
      continue;
    }
    if (pivot !== k) {
      [a[k], a[pivot]] = [a[pivot], a[k]];
      [order[k], order[pivot]] = [order[pivot], order[k]];
      sign = -sign;
    }
    for (let i = k + 1; i < a.length; i++) {
      a[i][k] /= a[k][k];
      for (let j = k + 1; j < n; j++) a[i][j] -= a[i][k] * a[k][j];
    }
  }
  return { order, sign, status };
}

/** Back or forward substitution, right-hand side by right-hand side. */
function substitute(a: Rows, b: Rows, upper: boolean, one: boolean): Rows {
  const n = a.length;
  const x = b.map((row) => row.slice());
  for (let step = 0; step < n; step++) {
    const i = upper ? n - 1 - step : step;
    for (let j = 0; j < x[i].length; j++) {
      for (let p = upper ? i + 1 : 0; p < (upper ? n : i); p++) x[i][j] -= a[i][p] * x[p][j];
      if (!one) x[i][j] /= a[i][i];
    }
  }
  return x;
}

/** Cholesky's decomposition by rows: Golub, Van Loan 2013, section 4.2.9. Returns the first pivot that is not positive. */
function cholesky(a: Rows): { factor: Rows; status: number } {
  const factor = a.map((row) => new Float64Array(row.length));
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = a[i][j];
      for (let p = 0; p < j; p++) rest -= factor[i][p] * factor[j][p];
      if (i === j && !(rest > 0)) return { factor, status: i + 1 };
      factor[i][j] = i === j ? Math.sqrt(rest) : rest / factor[j][j];
    }
  }
  return { factor, status: 0 };
}

/** A = Q R by Givens' rotations of rows, with Q of all columns: Golub, Van Loan 2013, algorithm 5.2.4. R's diagonal is ≥ 0. */
function givens(a: Rows, n: number): { q: Rows; r: Rows } {
  const turned = unit(a.length);
  for (let j = 0; j < Math.min(a.length, n); j++) {
    for (let i = a.length - 1; i > j; i--) {
      const length = Math.hypot(a[i - 1][j], a[i][j]);
      if (a[i][j] === 0) continue;
      const [c, s] = [a[i - 1][j] / length, a[i][j] / length];
      rotate(a[i - 1], a[i], c, s);
      rotate(turned[i - 1], turned[i], c, s);
      a[i][j] = 0;
    }
    if (a[j][j] < 0) for (const row of [a[j], turned[j]]) negate(row);
  }
  return { q: transposed(turned, a.length), r: a };
}

/** An orthonormal set made up to as many vectors as are missing, by Gram and Schmidt's way on unit vectors, twice. */
function complete(vectors: Float64Array[], missing: readonly number[]): void {
  for (const at of missing) {
    const others = vectors.filter(
      (_, i) => i !== at && !(missing.includes(i) && missing.indexOf(i) > missing.indexOf(at)),
    );
    let best: Float64Array = new Float64Array(0);
    let longest = -1;
    for (const candidate of unit(vectors[0].length)) {
      for (const other of [...others, ...others]) {
        const along = dot(candidate, other);
        for (let i = 0; i < candidate.length; i++) candidate[i] -= along * other[i];
      }
      const length = Math.sqrt(dot(candidate, candidate));
      if (length > longest) [longest, best] = [length, candidate];
    }
    vectors[at] = best.map((x) => x / longest);
  }
}

/** The first of a vector's largest components, as good as equal counting as equal. */
const leading = (v: Float64Array, room: number): number => {
  const largest = v.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return v.find((x) => Math.abs(x) >= (1 - room) * largest) ?? 0;
};

/**
 * Singular values and vectors by Jacobi's rotations of columns until they are orthogonal, m ≥ n.
 * Source: Hestenes 1958; Golub, Van Loan 2013, section 8.6.3.
 */
function oneSided(a: Rows, n: number, room: number): { values: number[]; u: Rows; v: Rows } {
  const columns = transposed(a, n);
  const turned = unit(n);
  for (let sweep = 0, done = false; sweep < 60 && !done; sweep++) {
    done = true;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const [x, y] = [columns[p], columns[q]];
        const [alpha, beta, coupling] = [dot(x, x), dot(y, y), dot(x, y)];
        if (Math.abs(coupling) <= Number.EPSILON * Math.sqrt(alpha * beta)) continue;
        done = false;
        const [c, s] = jacobi(alpha, beta, coupling);
        rotate(x, y, c, s);
        rotate(turned[p], turned[q], c, s);
      }
    }
  }
  const lengths = columns.map((column) => Math.hypot(...column));
  const order = lengths.map((_, i) => i).sort((i, j) => lengths[j] - lengths[i]);
  const values = order.map((i) => lengths[i]);
  // Columns that are as good as 0 have no direction.
  const least = (values[0] ?? 0) * a.length * Number.EPSILON;
  const u = order.map((i) => columns[i].map((x) => x / lengths[i]));
  complete(
    u,
    values.flatMap((value, i) => (value > least ? [] : [i])),
  );
  const v = order.map((i) => turned[i]);
  u.forEach((vector, i) => {
    if (leading(vector, room) >= 0) return;
    for (const w of [vector, v[i]]) negate(w);
  });
  return { values, u, v };
}

/** Eigenvalues and vectors of a symmetric matrix by Jacobi's rotations: Golub, Van Loan 2013, algorithm 8.5.3. */
function symmetric(a: Rows): { values: number[]; vectors: Rows } {
  const n = a.length;
  const turned = unit(n);
  for (let sweep = 0, done = false; sweep < 60 && !done; sweep++) {
    done = true;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(a[p][q]) <= Number.EPSILON * 2 ** -8 * Math.sqrt(Math.abs(a[p][p] * a[q][q]))) continue;
        if (a[p][q] === 0) continue;
        done = false;
        const [c, s] = jacobi(a[p][p], a[q][q], a[p][q]);
        rotate(a[p], a[q], c, s);
        for (const row of a) {
          const before = row[p];
          row[p] = c * before + s * row[q];
          row[q] = c * row[q] - s * before;
        }
        rotate(turned[p], turned[q], c, s);
        a[p][q] = 0;
        a[q][p] = 0;
      }
    }
  }
  const order = a.map((_, i) => i).sort((i, j) => a[i][i] - a[j][j]);
  const vectors = order.map((i) => {
    const sign = leading(turned[i], 2 ** -20) < 0 ? -1 : 1;
    return turned[i].map((x) => sign * x);
  });
  return { values: order.map((i) => a[i][i]), vectors };
}

/** e to the power of a matrix by the series of A / 2ˢ, squared s times. */
function exponential(a: Rows): Rows {
  const norm = Math.max(...a.map((row) => row.reduce((sum, x) => sum + Math.abs(x), 0)));
  const squarings = norm > 0.5 ? Math.ceil(Math.log2(norm)) + 1 : 0;
  const small = a.map((row) => row.map((x) => x / 2 ** (squarings / 2) / 2 ** (squarings / 2)));
  let sum = unit(a.length);
  let term = sum;
  for (let k = 1; k <= 18; k++) {
    term = product(term, small).map((row) => row.map((x) => x / k));
    sum = sum.map((row, i) => row.map((x, j) => x + term[i][j]));
  }
  for (let s = 0; s < squarings; s++) sum = product(sum, sum);
  return sum;
}

export const linalgKernels: KernelTable = {
  lu: batched(
    () => 4,
    () =>
      ([a], [shape]) => {
        const order = a.map((_, i) => i);
        if (!isFinite(a)) return [nothing(shape), order, [Number.NaN], [0]];
        const found = eliminate(a, shape[1]);
        return [flat(a), found.order, [found.sign], [found.status]];
      },
  ),
  cholesky: batched(
    () => 2,
    () =>
      ([a], [shape]) => {
        const lower = a.map((row, i) => row.map((x, j) => (j <= i ? x : 0)));
        if (!isFinite(lower)) return [nothing(shape), [0]];
        const { factor, status } = cholesky(lower);
        return [status === 0 ? flat(factor) : nothing(shape), [status]];
      },
  ),
  solveTriangular: batched(
    () => 1,
    ([upper, one]) =>
      ([a, b], [shape]) => {
        const counts = (i: number, j: number) => (i === j ? !one : j > i === Boolean(upper));
        const triangle = a.map((row, i) => row.map((x, j) => (counts(i, j) ? x : 0)));
        if (!isFinite(triangle) || !isFinite(b)) return [nothing(shape)];
        // The ones of a unit diagonal are not stored, and cannot be divided with the rest.
        const [p, q] = [one ? 1 : scaleOf(triangle), scaleOf(b)];
        const x = substitute(scaled(triangle, p), scaled(b, q), Boolean(upper), Boolean(one));
        return [flat(x).map((value) => (p < 1 ? (value * q) / p : (value / p) * q))];
      },
  ),
  qr: batched(
    () => 2,
    () =>
      ([a], [[m, k], right]) => {
        if (!isFinite(a)) return [nothing([m, k]), nothing(right)];
        const { q, r } = givens(a, right[1]);
        return [flat(q.map((row) => row.slice(0, k))), flat(r.slice(0, k))];
      },
  ),
  svd: batched(
    (views) => views.length - 1,
    () =>
      ([a], shapes) => {
        if (!isFinite(a)) return shapes.slice(0, -1).map(nothing);
        const [m, n] = shapes[shapes.length - 1];
        const scale = scaleOf(a);
        const tall = m >= n ? scaled(a, scale) : scaled(transposed(a, n), scale);
        const { values, u, v } = oneSided(tall, Math.min(m, n), 2 ** -14);
        const [left, right] = m >= n ? [u, v] : [v, u];
        return [values.map((x) => x * scale), flat(transposed(left, m)), flat(right)].slice(0, shapes.length - 1);
      },
  ),
  eigh: batched(
    (views) => views.length - 1,
    () =>
      ([a], shapes) => {
        if (!isFinite(a)) return shapes.slice(0, -1).map(nothing);
        const scale = scaleOf(a);
        const half = scaled(a, scale);
        const { values, vectors } = symmetric(half.map((row, i) => row.map((x, j) => 0.5 * (x + half[j][i]))));
        return [values.map((x) => x * scale), flat(transposed(vectors, a.length))].slice(0, shapes.length - 1);
      },
  ),
  matrixExp: batched(
    () => 1,
    () =>
      ([a], [shape]) => [isFinite(a) && a.length > 0 ? flat(exponential(a)) : nothing(shape)],
  ),
};
