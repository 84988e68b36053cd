import { checkInstance, checkNonNegative, given } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import { Tensor } from '../tensor/tensor.js';
import { tensorsOf } from './optimizer.js';

/* Terms that are added to a loss, so that it grows with parameters or activations. */

/** Factors of the sum of absolute values, and of half the sum of squares. */
export interface PenaltyOptions {
  /** ≥ 0; default 0. */
  l1?: number;
  /** ≥ 0; default 0. */
  l2?: number;
}

/**
 * lambda · Σ |θ|: draws small values to 0.
 *
 * @source lecture notes 002, line 232; lecture notes 004, line 3094
 */
export const l1Penalty = (tensors: Tensor | Iterable<Tensor>, lambda: number): Tensor<[]> =>
  total('l1Penalty', tensors, { l1: lambda });

/**
 * lambda / 2 · Σ θ², whose gradient is lambda · θ: the `weightDecay` of SGD as a term of the loss.
 *
 * @source lecture notes 002, line 240; lecture notes 004, line 3080
 */
export const l2Penalty = (tensors: Tensor | Iterable<Tensor>, lambda: number): Tensor<[]> =>
  total('l2Penalty', tensors, { l2: lambda });

/**
 * l1 · Σ |θ| + l2 / 2 · Σ θ².
 *
 * @source Zou, Hastie 2005, "Regularization and variable selection via the elastic net", in the factors of the two above
 */
export const elasticPenalty = (tensors: Tensor | Iterable<Tensor>, options: PenaltyOptions): Tensor<[]> =>
  total('elasticPenalty', tensors, options);

/**
 * As `elasticPenalty`, of a layer's outputs and for each example: l1 draws units to silence, l2 outputs to 0.
 *
 * @param output  [n, ...]
 */
export function activityPenalty(output: Tensor, options: PenaltyOptions): Tensor<[]> {
  checkInstance('activityPenalty', 'output', output, Tensor);
  if (output.rank === 0 || output.shape[0] === 0) {
    throw new ValueError('activityPenalty: the output must have examples along its first axis; got none');
  }
  return total('activityPenalty', output, options).div(output.shape[0]);
}

function total(op: string, tensors: Tensor | Iterable<Tensor>, options: PenaltyOptions): Tensor<[]> {
  const { l1 = 0, l2 = 0 } = given(options);
  checkNonNegative(op, op === 'l1Penalty' ? 'lambda' : 'l1', l1);
  checkNonNegative(op, op === 'l2Penalty' ? 'lambda' : 'l2', l2);
  const list = tensorsOf(op, tensors);
  const terms = list.flatMap((x): Tensor[] => [
    ...(l1 === 0 ? [] : [x.abs().sum().mul(l1)]),
    ...(l2 === 0
      ? []
      : [
          x
            .square()
            .sum()
            .mul(l2 / 2),
        ]),
  ]);
  if (list.length === 0)
    throw new ValueError(`${op}: there must be tensors; got none; is the model's iterator used up?`);
  return terms.length === 0 ? list[0].mul(0).sum() : terms.reduce((a, b) => a.add(b));
}
