import { checkRange } from '../../backend/index.js';
import { widen } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { noGrad, record } from '../../tensor/tape.js';
import type { Optional, Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { log } from '../elementwise/log.js';
import { maximum } from '../elementwise/maximum.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';
import { sub } from '../elementwise/sub.js';
import { position } from '../indexing/indexing.js';
import { to } from '../shape/to.js';
import { fusedLoss, reducedLoss, reduceLoss } from './loss.js';

export interface BinaryCrossEntropyOptions {
  /** Factor of each element's loss; broadcasts to the input. */
  weight?: Optional;
}

/**
 * Binary cross entropy of probabilities: −weight · (target · log input + (1 − target) · log(1 − input)), reduced.
 * Logarithms end at −100, so that a certain and wrong answer has a finite loss. From logits, take
 * `binaryCrossEntropyWithLogits`: it keeps the digits that a sigmoid loses.
 *
 * @param input   [...], within 0 … 1
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ValueError "binaryCrossEntropy: input must be within 0 … 1; got -0.5 at [0]; apply sigmoid, or use binaryCrossEntropyWithLogits"
 */
export const binaryCrossEntropy = reducedLoss<BinaryCrossEntropyOptions>(
  'binaryCrossEntropy',
  (p, t, { weight, reduction = 'mean' }) =>
    weight
      ? reduceLoss(mul(entropy(p, t, { reduction: 'none' }), weight), { reduction })
      : entropy(p, t, { reduction }),
  { check: (_op, _options, input) => checkProbabilities(input), factors: ['weight'] },
);

function checkProbabilities(input: Tensor): void {
  checkRange(
    to(input.detach(), widen(input.dtype)),
    { low: 0, high: 1 },
    (value, at) =>
      new ValueError(
        `binaryCrossEntropy: input must be within 0 … 1; got ${value} at ${show(position(at, input.shape))}; apply sigmoid, or use binaryCrossEntropyWithLogits`,
      ),
  );
}

const logOf = (x: Tensor): Tensor => maximum(log(x), -100);

/** Two logarithms, with a maximum, a product and a difference or sum each; two differences, products, a maximum, quotient. */
const entropy = fusedLoss(
  'binaryCrossEntropy',
  { flops: 9, gradient: 7 },
  (p, t) => entropies(p, t),
  (p) => sub(logOf(sub(1, p)), logOf(p)),
);

/** The derivative stands here by hand: through the cut logarithm, the tape would find 0 / 0 at 0 and at 1. */
function entropies(p: Tensor, t: Tensor): Tensor {
  const losses = noGrad(() => neg(add(mul(t, logOf(p)), mul(sub(1, t), logOf(sub(1, p))))));
  return record('binaryCrossEntropy', losses, [p, t], [p, t], (dy, [p, t]) => [
    () => mul(dy, div(sub(p, t), maximum(mul(p, sub(1, p)), 1e-12))),
    () => mul(dy, sub(logOf(sub(1, p)), logOf(p))),
  ]);
}
