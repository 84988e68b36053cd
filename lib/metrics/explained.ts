import { kernel, run } from '../backend/index.js';
import { sizeOf } from '../core/shape.js';
import { contiguous } from '../ops/shape/contiguous.js';
import { empty } from '../tensor/create.js';
import type { Tensor } from '../tensor/tensor.js';
import { type Metric, metric } from './metric.js';
import { tensorsAlike } from './values.js';

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

// Difference, two means, two squared distances: 3 each.
kernel('residualMoments', { flops: ([, x]) => 10 * sizeOf(x.shape) });

/** Of the columns of [n, columns], in float64. */
function residualsOf(output: Tensor, target: Tensor): Residuals {
  const [count, columns] = target.shape;
  const y: Tensor = empty([4, count === 0 ? 0 : columns], 'float64');
  if (y.size > 0) run('residualMoments', [y, contiguous(output), contiguous(target)]);
  const [mean, squares, residualMean, residualSquares] = y.toArray() as number[][];
  return { target: { count, mean, squares }, residual: { count, mean: residualMean, squares: residualSquares } };
}

/** 1 − left / all of each column, averaged; of a target that is constant 1 where nothing is left, else 0. */
const explained = (op: string, leftOf: (residual: Moments, j: number) => number): Metric<Residuals> =>
  metric({
    better: 'higher',
    unit: 'number',
    count(output, target) {
      const [o, t] = tensorsAlike(op, output, target).map((x) => {
        const n = x.shape[0] ?? 1;
        return x.reshape([n, n === 0 ? 0 : x.size / n]);
      });
      return residualsOf(o, t);
    },
    merge: (a, b) => ({ target: merged(a.target, b.target), residual: merged(a.residual, b.residual) }),
    score({ target, residual }) {
      // Of one example nothing varies: scikit-learn has no score for it either.
      if (target.count < 2) return NaN;
      const columns = target.squares.map((all, j) => {
        const left = leftOf(residual, j);
        return all === 0 && left >= 0 ? Number(left === 0) : 1 - left / all; // NaN of NaN
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
