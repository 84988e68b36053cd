import { kernel, run } from '../../backend/index.js';
import { checkFraction } from '../../core/check.js';
import { isFloat } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { sameShape, show, sizeOf } from '../../core/shape.js';
import { empty } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import { checkTensor, type Optional, type Tensor } from '../../tensor/tensor.js';
import { logSoftmax } from '../activation/log_softmax.js';
import { around } from '../activation/softmax.js';
import { checkShapes } from '../check.js';
import { arange } from '../creation/arange.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { eq } from '../elementwise/eq.js';
import { mul } from '../elementwise/mul.js';
import { ne } from '../elementwise/ne.js';
import { neg } from '../elementwise/neg.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { sum } from '../reduction/sum.js';
import { contiguous } from '../shape/contiguous.js';
import { checkClasses, checkLabels, type LabelOptions, labelWeights } from './labels.js';
import { checkReduction, type LossOptions, type LossReduction, type Reduced, reduceLoss } from './loss.js';

export interface CrossEntropyOptions extends LabelOptions {
  /** [C], a factor of each class. */
  weight?: Optional;
  /** Part of the target that is spread evenly over the classes; within 0 … 1; default 0. */
  labelSmoothing?: number;
}

export const checkSmoothing = (op: string, { labelSmoothing = 0 }: CrossEntropyOptions): void =>
  checkFraction(op, 'labelSmoothing', labelSmoothing);

/**
 * Cross entropy between logits and classes. With p = softmax(logits) along axis 1 and q the target's distribution:
 *
 *   loss = −Σ over c of weight[c] · q[c] · log p[c]
 *
 * A label y stands for q[c] = (1 − labelSmoothing) · [c = y] + labelSmoothing / C; probabilities q are smoothed likewise.
 * The mean over labels is weighted: Σ loss / Σ weight[y], without ignored ones; the mean over probabilities is not.
 *
 * @param logits  [N, C], [N, C, d1, …] or [C]
 * @param target  labels: int32 or uint8, [N], [N, d1, …] or []; or probabilities: float, of the logits' shape
 * @returns       [], or with reduction 'none' of the labels' shape
 * @throws ValueError "crossEntropy: labels must be within 0 … 9, or -100 to be ignored; got 10 at [3]; check the number of classes"
 * @source PyTorch's torch.nn.functional.cross_entropy; label smoothing: Szegedy and others 2015, arXiv:1512.00567, section 7
 */
export function crossEntropy<const R extends LossReduction = 'mean'>(
  logits: Tensor,
  target: Tensor,
  options: CrossEntropyOptions & LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  const { weight, ignoreIndex = -100, labelSmoothing = 0, reduction = 'mean' } = options;
  checkReduction('crossEntropy', reduction);
  const axis = checkClasses('crossEntropy', 'logits', logits);
  checkTensor('crossEntropy', target);
  const classes = logits.shape[axis];
  checkSmoothing('crossEntropy', options);
  checkShapes('crossEntropy', { weight }, [classes], () => `a factor for each class of logits ${show(logits.shape)}`);
  if (isFloat(target.dtype)) return softTargets(logits, target, axis, options, reduction);

  const labels = checkLabels('crossEntropy', 'logits', logits, target, axis, {
    ignoreIndex,
    also: ', probabilities float',
  });
  return inFloat([logits, weight?.detach()], (logits: Tensor, weight) =>
    labelled(logits, labels, weight, axis, ignoreIndex, labelSmoothing, reduction),
  );
}

function softTargets(
  logits: Tensor,
  target: Tensor,
  axis: number,
  { weight, labelSmoothing = 0 }: CrossEntropyOptions,
  reduction: LossReduction,
): Tensor {
  if (!sameShape(target.shape, logits.shape)) {
    throw new ShapeError(
      `crossEntropy: probabilities must have the logits' shape ${show(logits.shape)}; got ${show(target.shape)}; labels must be int32: convert with to('int32')`,
    );
  }
  const classes = logits.shape[axis];
  return inFloat([logits, target, weight?.detach()], (logits: Tensor, target: Tensor, weight) => {
    const smooth = labelSmoothing === 0 ? target : add(mul(target, 1 - labelSmoothing), labelSmoothing / classes);
    const weighted = weight ? mul(smooth, alongAxis(weight, axis, logits.rank)) : smooth;
    const losses = neg(sum(mul(weighted, logSoftmax(logits, axis)), axis));
    return reduceLoss(losses, { reduction });
  });
}

// Maximum, difference, exp, sum; difference twice, exp, product.
kernel('crossEntropy', { writes: 4, flops: ([, , , , x]) => 4 * sizeOf(x.shape) });
kernel('crossEntropyGradient', { flops: 4 });

/** The losses of the labels, reduced. */
const labelled = fused(
  'crossEntropy',
  (
    logits: Tensor,
    labels: Tensor,
    weight: Tensor | undefined,
    axis: number,
    ignoreIndex: number,
    labelSmoothing: number,
    reduction: LossReduction,
  ) => {
    const logP = logSoftmax(logits, axis);
    const classes = logits.shape[axis];
    const { shape } = labels;
    const column: Tensor = labels.reshape([...shape.slice(0, axis), 1, ...shape.slice(axis)]);
    const isLabel = eq(
      where(eq(column, ignoreIndex), -1, column),
      alongAxis(arange(classes, { dtype: 'int32' }), axis, logits.rank),
    );
    const weighted = weight ? mul(logP, alongAxis(weight, axis, logits.rank)) : logP;
    // Chosen, not multiplied by 0: the logarithm of another class may be −∞.
    const hard = sum(where(isLabel, weighted, 0), axis);
    let smooth = hard;
    if (labelSmoothing !== 0) {
      const even = where(ne(labels, ignoreIndex), sum(weighted, axis), 0);
      smooth = add(mul(hard, 1 - labelSmoothing), mul(even, labelSmoothing / classes));
    }
    const losses = neg(smooth);
    if (reduction !== 'mean') return reduceLoss(losses, { reduction });
    return div(sum(losses), sum(labelWeights(labels, weight, ignoreIndex, logits.dtype)));
  },
  (logits, labels, weight, axis, ignoreIndex, labelSmoothing, reduction) => {
    const { dtype, shape } = logits;
    const x = around(logits, axis);
    const read = [x, contiguous(labels), ...(weight ? [contiguous(weight)] : [])];
    const numbers = [ignoreIndex, labelSmoothing, Number(reduction === 'mean')];
    const result: Tensor = empty(reduction === 'none' ? labels.shape : [], dtype);
    // log p = x − peak − logTotal, kept apart because their sum would round a large peak.
    const statistics = [empty([], dtype), empty(labels.shape, dtype), empty(labels.shape, dtype)];
    run('crossEntropy', [result, ...statistics, ...read], numbers);
    return {
      result,
      saved: [logits, labels],
      own: statistics,
      // dx[c] = dy · scale · (p[c] · Σ weight · q − weight[c] · q[c])
      backward: (dy) => {
        const dx = empty(shape, dtype);
        run('crossEntropyGradient', [around(dx, axis), contiguous(dy), ...statistics, ...read], numbers);
        return [dx];
      },
    };
  },
);

/** A vector as a tensor that broadcasts along an axis. */
const alongAxis = (x: Tensor, axis: number, rank: number): Tensor =>
  x.reshape(Array.from({ length: rank }, (_, i) => (i === axis ? x.size : 1)));
