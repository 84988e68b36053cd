import { checkNonNegative } from '../core/check.js';
import { noGrad } from '../tensor/tape.js';
import { overwrite, type Tensor } from '../tensor/tensor.js';
import { tensorsOf } from './optimizer.js';

/*
 * Constraints on parameters, which are put back into them after an optimiser's step, in place. A unit's weights are those
 * along all axes but the first: [out, in, ...]. A vector is one unit's.
 */

/** Keeps the quotient finite for a unit whose weights are all 0, which they stay. */
const tiny = 1e-12;

/**
 * Scales each unit's weights down so that their norm is at most `limit`.
 *
 *   w = w · min(1, limit / ‖w‖)
 *
 * @source Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014, "Dropout: a simple way to prevent neural networks
 *         from overfitting", section 5.1
 */
export function maxNorm(parameters: Tensor | Iterable<Tensor>, limit: number): void {
  checkNonNegative('maxNorm', 'limit', limit);
  constrain('maxNorm', parameters, (w) => w.mul(normOf(w).add(tiny).reciprocal().mul(limit).minimum(1)));
}

/** Scales each unit's weights to norm 1: w / ‖w‖. */
export function unitNorm(parameters: Tensor | Iterable<Tensor>): void {
  constrain('unitNorm', parameters, (w) => w.div(normOf(w).maximum(tiny)));
}

/** Sets negative elements to 0: max(w, 0). */
export function nonNegative(parameters: Tensor | Iterable<Tensor>): void {
  constrain('nonNegative', parameters, (w) => w.maximum(0));
}

function constrain(op: string, parameters: Tensor | Iterable<Tensor>, project: (w: Tensor) => Tensor): void {
  noGrad(() => {
    for (const w of tensorsOf(op, parameters)) {
      if (w.size > 0) overwrite(op, w, project(w));
    }
  });
}

/** [out, 1, ...]; of a vector, one number. */
const normOf = (w: Tensor): Tensor =>
  w
    .square()
    .sum(w.rank < 2 ? undefined : Array.from({ length: w.rank - 1 }, (_, i) => i + 1), { keepDims: true })
    .sqrt();
