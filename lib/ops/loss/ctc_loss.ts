import { checkRange, kernel, run, type View } from '../../backend/index.js';
import { checkWhole } from '../../core/check.js';
import { DTypeError, ShapeError, ValueError } from '../../core/errors.js';
import { show, sizeOf } from '../../core/shape.js';
import { empty, fill, tensor } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { arange } from '../creation/arange.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { eq } from '../elementwise/eq.js';
import { logicalAnd } from '../elementwise/logical.js';
import { lt } from '../elementwise/lt.js';
import { maximum } from '../elementwise/maximum.js';
import { mul } from '../elementwise/mul.js';
import { ne } from '../elementwise/ne.js';
import { neg } from '../elementwise/neg.js';
import { sub } from '../elementwise/sub.js';
import { gather } from '../indexing/gather.js';
import { position } from '../indexing/indexing.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { logSumExp } from '../reduction/log_sum_exp.js';
import { concat } from '../shape/concat.js';
import { contiguous } from '../shape/contiguous.js';
import { slice } from '../shape/slice.js';
import { stack } from '../shape/stack.js';
import { to } from '../shape/to.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { checkReduction, type LossOptions, type LossReduction, type Reduced, reduceLoss } from './loss.js';

/** The lengths of a batch's sequences: [batch] int32, or as many numbers. */
export type Lengths = Tensor | readonly number[];

export interface CtcLossOptions {
  /** The class of the blank; default 0. */
  blank?: number;
  /** Take the loss of a target that cannot be told in so few steps as 0, not ∞; default false. */
  zeroInfinity?: boolean;
}

export const checkCtc = (op: string, { blank = 0 }: CtcLossOptions): void => checkWhole(op, 'blank', blank, 0);

/**
 * Connectionist temporal classification: −log of the probability of all ways to tell a target in as many steps, where a class
 * may stay for some steps and blanks may stand between; reduced. The mean is that of each loss divided by its target's length.
 *
 * Computed forwards in logarithms, with the target and its blanks between as states:
 *
 *   αₜ[s] = logProbs[t, s] + log (e^αₜ₋₁[s] + e^αₜ₋₁[s−1] + e^αₜ₋₁[s−2]), the last only past a blank between two classes
 *
 * @param logProbs       [steps, batch, classes], logarithms of probabilities, as of `logSoftmax`
 * @param targets        [batch, length] int32, padded with anything
 * @param inputLengths   of each sequence; within 0 … steps
 * @param targetLengths  of each target; within 0 … length
 * @returns              [], or with reduction 'none' [batch]
 * @throws ValueError "ctcLoss: targets must not be the blank; got 0 at [1, 0]"
 * @source Graves, Fernández, Gomez, Schmidhuber 2006, "Connectionist temporal classification", ICML, equations 6 and 8
 */
export function ctcLoss<const R extends LossReduction = 'mean'>(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Lengths,
  targetLengths: Lengths,
  options: CtcLossOptions & LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  const op = 'ctcLoss';
  checkRank(op, 'logProbs', logProbs, ['steps', 'batch', 'classes']);
  checkRank(op, 'targets', targets, ['batch', 'length']);
  checkReduction(op, options.reduction);
  checkCtc(op, options);
  const [steps, batch]: number[] = logProbs.shape;
  if (targets.dtype !== 'int32') throw new DTypeError(`${op}: targets must be int32; got ${targets.dtype}`);
  if (targets.shape[0] !== batch) {
    throw new ShapeError(
      `${op}: targets must have the batch of logProbs ${show(logProbs.shape)}; got ${show(targets.shape)}`,
    );
  }
  const { blank = 0, zeroInfinity = false, reduction = 'mean' } = options;
  const length: number = targets.shape[1];
  const given = lengthsOf('inputLengths', inputLengths, batch, steps);
  const wanted = lengthsOf('targetLengths', targetLengths, batch, length);
  const labels = checkTargets(targets, wanted, blank, logProbs.shape[2]);

  return inFloat([logProbs], (x: Tensor) => {
    const losses: Tensor = (x.size === 0 ? tellings : told)(x, states(labels, blank), given, wanted);
    const finite = zeroInfinity ? where(eq(losses, Infinity), 0, losses) : losses;
    return reduceLoss(reduction === 'mean' ? div(finite, to(maximum(wanted, 1), x.dtype)) : finite, { reduction });
  });
}

/** What each sequence's labels cost: [batch]. */
function tellings(x: Tensor, states: Tensor, steps: Tensor, labels: Tensor): Tensor {
  const last = forward(x, states, steps);
  // A telling ends with the last class or with the blank behind it.
  const end = unsqueeze(mul(labels, 2), 1);
  const before = where(eq(end, 0), -Infinity, gather(last, 1, maximum(sub(end, 1), 0)));
  return neg(logSumExp(concat([gather(last, 1, end), before], 1), 1));
}

// For each step and state three differences, exponentials and sums, a maximum and a logarithm; backward the same and a
// share of the gradient.
const perState = (x: View, states: View, each: number): number => each * x.shape[0] * sizeOf(states.shape);
kernel('ctcLoss', { writes: 2, flops: ([, , x, states]) => perState(x, states, 12) });
kernel('ctcLossGradient', { flops: ([, , , , x, states]) => perState(x, states, 16) });

const told = fused('ctcLoss', tellings, (x, states, steps, labels) => {
  const [count, batch]: number[] = x.shape;
  const losses = empty([batch], x.dtype);
  const alpha = empty([batch, count + 1, states.shape[1]], x.dtype);
  const operands = [x, states, steps, labels].map((operand: Tensor): Tensor => contiguous(operand));
  run('ctcLoss', [losses, alpha, ...operands]);
  return {
    result: losses,
    saved: [losses, x, states, steps, labels],
    own: [alpha],
    backward: (dy) => {
      const dx = empty(x.shape, x.dtype);
      run('ctcLossGradient', [dx, contiguous(dy), losses, alpha, ...operands]);
      return [dx];
    },
  };
});

/** α of the last step of each sequence, [batch, states]. */
function forward(x: Tensor, states: Tensor, lengths: Tensor): Tensor {
  const [steps, batch]: number[] = x.shape;
  const count: number = states.shape[1];
  const never = (n: number): Tensor => fill([batch, n], -Infinity, x.dtype);
  const behind = (alpha: Tensor, n: number): Tensor =>
    n < count ? concat([never(n), slice(alpha, null, [0, count - n])], 1) : never(count);
  // A class may follow the one before it without a blank between, unless they are the same.
  const first: Tensor = fill([batch, Math.min(2, count)], 0, 'bool');
  const skips =
    count > 2 ? concat([first, ne(slice(states, null, [2, null]), slice(states, null, [0, -2]))], 1) : first;

  // Before the first step the telling stands before the first state: it may begin with either of the first two.
  let alpha = concat([fill([batch, 1], 0, x.dtype), never(count - 1)], 1);
  for (let t = 0; t < steps; t++) {
    const reached = logSumExp(stack([alpha, behind(alpha, 1), where(skips, behind(alpha, 2), -Infinity)]), 0);
    const next = add(reached, gather(slice(x, t), 1, states));
    alpha = where(unsqueeze(lt(t, lengths) as Tensor, 1), next, alpha);
  }
  return alpha;
}

/** The classes of all states, [batch, 2 · length + 1]: blanks, and the labels between them. */
function states(labels: Tensor, blank: number): Tensor {
  const [batch, length]: number[] = labels.shape;
  const between = stack([labels, fill(labels.shape, blank, 'int32')], 2).reshape([batch, 2 * length]);
  return concat([fill([batch, 1], blank, 'int32'), between], 1);
}

function lengthsOf(name: string, lengths: Lengths, batch: number, most: number): Tensor {
  const x: Tensor = Array.isArray(lengths) ? tensor(lengths as number[], { dtype: 'int32' }) : (lengths as Tensor);
  checkTensor('ctcLoss', x);
  if (x.dtype !== 'int32') throw new DTypeError(`ctcLoss: ${name} must be int32; got ${x.dtype}`);
  if (x.rank !== 1 || x.shape[0] !== batch) {
    throw new ShapeError(`ctcLoss: ${name} must be [${batch}], one for each sequence; got ${show(x.shape)}`);
  }
  checkRange(
    x,
    { low: 0, high: most },
    (value, at) => new ValueError(`ctcLoss: ${name} must be within 0 … ${most}; got ${value} at [${at}]`),
  );
  return x;
}

/** The targets, blanks in the place of what is padding. */
function checkTargets(targets: Tensor, lengths: Tensor, blank: number, classes: number): Tensor {
  const counts: Tensor = lt(arange(targets.shape[1], { dtype: 'int32' }), unsqueeze(lengths, 1));
  const at = (flat: number): string => show(position(flat, targets.shape));
  checkRange(
    where(counts, targets, 0),
    { low: 0, high: classes - 1 },
    (value, flat) =>
      new ValueError(
        `ctcLoss: targets must be within 0 … ${classes - 1}; got ${value} at ${at(flat)}; check the number of classes`,
      ),
  );
  checkRange(
    to(logicalAnd(counts, eq(targets, blank)), 'int32'),
    { low: 0, high: 0 },
    (_, flat) => new ValueError(`ctcLoss: targets must not be the blank; got ${blank} at ${at(flat)}`),
  );
  return where(counts, targets, blank);
}
