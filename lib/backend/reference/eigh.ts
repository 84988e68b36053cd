import { type KernelTable, read, writable } from './loops.js';

/*
 * Eigenvalues and eigenvectors of symmetric matrices: Householder's reduction to a tridiagonal one, then QL with implicit
 * shifts, in float64. The native kernel does the same operations in the same order, so that both give the same bits.
 * Source: Golub, Van Loan 2013, "Matrix Computations", 4th edition, algorithms 8.3.1 to 8.3.3, QL in place of QR.
 */

/** Sweeps for one eigenvalue; two are usual. */
const mostSweeps = 50;
/** Components of an eigenvector whose sizes differ by less than this factor count as equal. */
const equal = 1 - 2 ** -20;

/** A symmetric matrix on its way to diagonal form. */
class Symmetric {
  /** [n, n]; then the reflectors' vectors u, in the rows right of the diagonal. */
  readonly a: Float64Array;
  /** [n, n]; eigenvectors, a row each. */
  readonly z: Float64Array;
  /** The diagonal; then the eigenvalues. */
  readonly d: Float64Array;
  /** Off the diagonal: e[i] between d[i] and d[i + 1]. */
  readonly e: Float64Array;
  /** u · u / 2 of each reflector. */
  readonly h: Float64Array;
  readonly p: Float64Array;
  readonly cosine: Float64Array;
  readonly sine: Float64Array;

  constructor(readonly n: number) {
    this.a = new Float64Array(n * n);
    this.z = new Float64Array(n * n);
    [this.d, this.e, this.h, this.p, this.cosine, this.sine] = Array.from({ length: 6 }, () => new Float64Array(n));
  }

  /** A = Q T Qᵀ with Q = H₀ H₁ …, H = 1 − u uᵀ / h. */
  tridiagonalise(): void {
    const { n, a, d, e, h, p } = this;
    for (let k = 0; k < n; k++) {
      const row = k * n;
      d[k] = a[row + k];
      if (k + 1 === n) break;
      const from = k + 1;
      const first = a[row + from];
      let rest = 0;
      for (let i = from + 1; i < n; i++) rest += a[row + i] * a[row + i];
      h[k] = 0;
      e[k] = first;
      if (rest === 0) continue;
      const length = Math.sqrt(first * first + rest);
      e[k] = first > 0 ? -length : length;
      h[k] = e[k] * (e[k] - first);
      a[row + from] = first - e[k];

      p.fill(0, from);
      for (let j = from; j < n; j++) {
        const uj = a[row + j];
        for (let i = from; i < n; i++) p[i] += uj * a[j * n + i];
      }
      let projection = 0;
      for (let i = from; i < n; i++) {
        p[i] /= h[k];
        projection += a[row + i] * p[i];
      }
      const factor = -projection / (2 * h[k]);
      for (let i = from; i < n; i++) p[i] += factor * a[row + i];
      for (let j = from; j < n; j++) {
        const uj = a[row + j];
        const pj = p[j];
        for (let i = from; i < n; i++) a[j * n + i] -= uj * p[i] + pj * a[row + i];
      }
    }
  }

  /** z = Qᵀ, by Q in place and its transpose. */
  accumulate(): void {
    const { n, a, z, h, p } = this;
    z.fill(0);
    for (let i = 0; i < n; i++) z[i * n + i] = 1;
    for (let k = n - 3; k >= 0; k--) {
      if (h[k] === 0) continue;
      const row = k * n;
      const from = k + 1;
      p.fill(0, from);
      for (let j = from; j < n; j++) {
        const uj = a[row + j];
        for (let i = from; i < n; i++) p[i] += uj * z[j * n + i];
      }
      for (let j = from; j < n; j++) {
        const factor = -a[row + j] / h[k];
        for (let i = from; i < n; i++) z[j * n + i] += factor * p[i];
      }
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) [z[j * n + i], z[i * n + j]] = [z[i * n + j], z[j * n + i]];
    }
  }

  /** Diagonalises the tridiagonal matrix; false if an eigenvalue does not converge. */
  diagonalise(vectors: boolean): boolean {
    const { n, d, e } = this;
    const negligible = (m: number): boolean => Math.abs(e[m]) <= Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1]));
    for (let l = 0; l < n; l++) {
      for (let sweep = 0; ; sweep++) {
        let m = l;
        while (m + 1 < n && !negligible(m)) m++;
        if (m === l) break;
        if (sweep === mostSweeps) return false;
        const low = this.#sweepUp(l, m);
        if (vectors) this.#rotate(low, m);
      }
    }
    return true;
  }

  /**
   * One sweep of rotations from m up to l, shifted by Wilkinson's shift. Returns where it ended: above l if a rotation
   * split the matrix.
   */
  #sweepUp(l: number, m: number): number {
    const { d, e, cosine, sine } = this;
    const half = (d[l + 1] - d[l]) / (2 * e[l]);
    const root = Math.sqrt(half * half + 1);
    let g = d[m] - d[l] + e[l] / (half + (half < 0 ? -root : root));
    let s = 1;
    let c = 1;
    let shift = 0;
    for (let i = m - 1; i >= l; i--) {
      const f = s * e[i];
      const b = c * e[i];
      const r = Math.sqrt(f * f + g * g);
      e[i + 1] = r;
      if (r === 0) {
        d[i + 1] -= shift;
        e[m] = 0;
        return i + 1;
      }
      s = f / r;
      c = g / r;
      cosine[i] = c;
      sine[i] = s;
      g = d[i + 1] - shift;
      const t = (d[i] - g) * s + 2 * c * b;
      shift = s * t;
      d[i + 1] = g + shift;
      g = c * t - b;
    }
    d[l] -= shift;
    e[l] = g;
    e[m] = 0;
    return l;
  }

  /** Applies the rotations of rows m − 1, m up to low, low + 1 to the eigenvectors so far. */
  #rotate(low: number, m: number): void {
    const { n, z, cosine, sine } = this;
    for (let i = m - 1; i >= low; i--) {
      const c = cosine[i];
      const s = sine[i];
      for (let x = i * n, y = x + n; x < (i + 1) * n; x++, y++) {
        const f = z[y];
        z[y] = s * z[x] + c * f;
        z[x] = c * z[x] - s * f;
      }
    }
  }

  /** 1 or −1: the first of an eigenvector's largest components becomes positive. */
  sign(row: number): number {
    const v = this.z.subarray(row * this.n, (row + 1) * this.n);
    const largest = v.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return (v.find((value) => Math.abs(value) >= equal * largest) as number) < 0 ? -1 : 1;
  }
}

export const eighKernels: KernelTable = {
  eigh(views) {
    const a = read(views[views.length - 1]);
    const [batch, n] = views[views.length - 1].shape;
    const values = writable(views[0]);
    const vectors = views.length === 3 ? writable(views[1]) : undefined;
    const problem = new Symmetric(n);
    for (let b = 0; b < batch; b++) {
      const matrix = a.subarray(b * n * n, (b + 1) * n * n);
      const scale = load(problem, matrix);
      if (scale !== undefined) {
        problem.tridiagonalise();
        if (vectors !== undefined) problem.accumulate();
      }
      if (scale === undefined || !problem.diagonalise(vectors !== undefined)) {
        values.values.fill(NaN, b * n, (b + 1) * n);
        vectors?.values.fill(NaN, b * n * n, (b + 1) * n * n);
        continue;
      }
      const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => problem.d[i] - problem.d[j]);
      order.forEach((from, i) => {
        values.values[b * n + i] = problem.d[from] * scale;
        if (vectors === undefined) return;
        const sign = problem.sign(from);
        for (let k = 0; k < n; k++) vectors.values[(b * n + k) * n + i] = sign * problem.z[from * n + k];
      });
    }
    values.done();
    vectors?.done();
  },
};

/** Sets the matrix up, divided by a power of two, so that no square overflows and no bit is lost; undefined if not finite. */
function load(problem: Symmetric, matrix: ArrayLike<number>): number | undefined {
  const { n, a } = problem;
  let largest = 0;
  for (let i = 0; i < n * n; i++) {
    if (!Number.isFinite(matrix[i])) return undefined;
    largest = Math.max(largest, Math.abs(matrix[i]));
  }
  const exponent = largest === 0 ? 0 : Math.floor(Math.log2(largest));
  const scale = 2 ** Math.min(Math.max(exponent, -1000), 1000);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) a[i * n + j] = 0.5 * (matrix[i * n + j] / scale + matrix[j * n + i] / scale);
  }
  return scale;
}
