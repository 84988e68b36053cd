import { type Metric, metric } from './metric.js';
import { type Read, readAlike } from './values.js';

/** Mean and sum of squares about it, of each column. */
interface Moments {
  readonly count: number;
  readonly mean: readonly number[];
  readonly squares: readonly number[];
}

/** Of targets and of residuals, and the sums of squared residuals about 0. */
interface Residuals {
  readonly target: Moments;
  readonly residual: Moments;
}

/** Columns of [n, …]. */
function moments(count: number, columns: number, at: (i: number, j: number) => number): Moments {
  const mean = new Array<number>(columns).fill(0);
  const squares = new Array<number>(columns).fill(0);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < count; i++) mean[j] += at(i, j) / count;
    for (let i = 0; i < count; i++) squares[j] += (at(i, j) - mean[j]) ** 2;
  }
  return { count, mean, squares };
}

/** @source Chan, Golub, LeVeque 1979, "Updating formulae and a pairwise algorithm for computing sample variances" */
function merged(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const share = b.count / count;
  return {
    count,
    mean: a.mean.map((mean, j) => mean + (b.mean[j] - mean) * share),
    squares: a.squares.map((squares, j) => squares + b.squares[j] + (b.mean[j] - a.mean[j]) ** 2 * a.count * share),
  };
}

/** 1 − left / all of each column, averaged; of a target that is constant 1 where nothing is left, else 0. */
const explained = (op: string, leftOf: (residual: Moments, j: number) => number): Metric<Residuals> =>
  metric({
    better: 'higher',
    unit: 'number',
    count(output, target) {
      const { o, t } = readAlike(op, output, target);
      const n = o.shape[0] ?? 1;
      const columns = n === 0 ? 0 : o.data.length / n;
      const of = ({ data }: Read, i: number, j: number): number => data[i * columns + j];
      return {
        target: moments(n, columns, (i, j) => of(t, i, j)),
        residual: moments(n, columns, (i, j) => of(t, i, j) - of(o, i, j)),
      };
    },
    merge: (a, b) => ({ target: merged(a.target, b.target), residual: merged(a.residual, b.residual) }),
    score({ target, residual }) {
      // Of one example nothing varies: scikit-learn has no score for it either.
      if (target.count < 2) return NaN;
      const columns = target.squares.map((all, j) => {
        const left = leftOf(residual, j);
        return all > 0 ? 1 - left / all : Number(left === 0);
      });
      return columns.reduce((sum, column) => sum + column, 0) / columns.length;
    },
  });

/**
 * Coefficient of determination: 1 − Σ(target − output)² / Σ(target − mean target)², of each column, averaged. Both [n, …].
 *
 * @source scikit-learn's r2_score
 */
export const r2: Metric<Residuals> = explained(
  'r2',
  ({ count, mean, squares }, j) => squares[j] + count * mean[j] ** 2,
);

/**
 * 1 − Var(target − output) / Var(target), of each column, averaged: r2 for which a constant error costs nothing. Both [n, …].
 *
 * @source scikit-learn's explained_variance_score
 */
export const explainedVariance: Metric<Residuals> = explained('explainedVariance', ({ squares }, j) => squares[j]);
