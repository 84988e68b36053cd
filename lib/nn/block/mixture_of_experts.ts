import { checkArray, checkWhole } from '../../core/check.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { sameShape, show } from '../../core/shape.js';
import { softmax } from '../../ops/activation/softmax.js';
import { gt } from '../../ops/elementwise/gt.js';
import { mul } from '../../ops/elementwise/mul.js';
import { scatterAdd } from '../../ops/indexing/gather.js';
import { where } from '../../ops/indexing/where.js';
import { sum } from '../../ops/reduction/sum.js';
import { stack } from '../../ops/shape/stack.js';
import { topK } from '../../ops/sorting/top_k.js';
import { fill } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';

export interface MixtureOfExpertsOptions {
  /** How many experts are mixed for a row, those with the highest scores; default all. */
  topK?: number;
}

/**
 * Experts, and a gate that decides for each row how much each of them counts:
 *
 *   y = Σ gᵢ · expertᵢ(x)      g = softmax of the topK highest scores of gate(x), 0 for the others
 *
 * x [..., in] → y, of an expert's shape, and the gates [..., experts], for `importanceLoss`.
 *
 *     const experts = Array.from({ length: 8 }, () => new nn.Linear(64, 64));
 *     const layer = new nn.MixtureOfExperts(experts, new nn.Linear(64, 8), { topK: 2 });
 *     const [y, gates] = layer.forward(x);
 *     const loss = mseLoss(y, target).add(importanceLoss(gates).mul(0.01));
 *
 * Every expert computes every row, so that a captured step serves every choice: topK decides what is learned, and saves no
 * time.
 *
 * @source Shazeer and others 2017, arXiv:1701.06538, equations 1 to 5, without noise; all experts: Jacobs, Jordan, Nowlan,
 *         Hinton 1991, "Adaptive mixtures of local experts"; lecture notes 002, line 269
 */
export class MixtureOfExperts extends Module {
  readonly topK: number;

  /**
   * @param experts  modules of one tensor, whose results have one shape
   * @param gate     a module of one tensor: [..., in] → [..., experts]
   * @throws ValueError "MixtureOfExperts: topK must be within 1 … 4, the number of experts; got 5"
   */
  constructor(
    readonly experts: readonly Module[],
    readonly gate: Module,
    options: MixtureOfExpertsOptions = {},
  ) {
    super();
    checkArray('MixtureOfExperts', 'experts', experts);
    const { topK = experts.length } = options;
    checkWhole('MixtureOfExperts', 'the number of experts', experts.length, 1);
    if (!Number.isInteger(topK) || topK < 1 || topK > experts.length) {
      throw new ValueError(
        `MixtureOfExperts: topK must be within 1 … ${experts.length}, the number of experts; got ${topK}`,
      );
    }
    this.topK = topK;
  }

  /** @throws ShapeError "MixtureOfExperts: the gate must give [2, 4], a score for each expert; got [2, 3]" */
  forward(x: Tensor): [y: Tensor, gates: Tensor] {
    const scores: Tensor = this.gate.forward(x);
    const wanted = [...x.shape.slice(0, -1), this.experts.length];
    if (!sameShape(scores.shape, wanted)) {
      throw new ShapeError(
        `MixtureOfExperts: the gate must give ${show(wanted)}, a score for each expert; got ${show(scores.shape)}`,
      );
    }
    const gates: Tensor = softmax(this.topK === this.experts.length ? scores : highest(scores, this.topK));
    const results: Tensor = stack(
      this.experts.map((expert): Tensor => expert.forward(x)),
      -1,
    );
    return [sum(mul(results, gates.unsqueeze(-2)), -1), gates];
  }
}

/** The k highest scores along the last axis, of equal ones the first; −∞ in place of the others. */
function highest(scores: Tensor, k: number): Tensor {
  const { indices } = topK(scores.detach(), k);
  const isKept = scatterAdd(fill(scores.shape, 0, 'int32'), -1, indices, fill(indices.shape, 1, 'int32'));
  return where(gt(isKept, 0), scores, -Infinity);
}
