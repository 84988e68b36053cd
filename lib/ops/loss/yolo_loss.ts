import { checkNonNegative, checkWhole } from '../../core/check.js';
import { ShapeError } from '../../core/errors.js';
import { sameShape, show } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { arange } from '../creation/arange.js';
import { add } from '../elementwise/add.js';
import { clamp } from '../elementwise/clamp.js';
import { div } from '../elementwise/div.js';
import { eq } from '../elementwise/eq.js';
import { maximum } from '../elementwise/maximum.js';
import { minimum } from '../elementwise/minimum.js';
import { mul } from '../elementwise/mul.js';
import { safeSqrt } from '../elementwise/safe_sqrt.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { argmax } from '../reduction/argmax.js';
import { sum } from '../reduction/sum.js';
import { slice } from '../shape/slice.js';
import { to } from '../shape/to.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { checkReduction, type LossOptions, type LossReduction, type Reduced, reduceLoss } from './loss.js';

export interface YoloLossOptions {
  /** Boxes that a cell predicts, B; ≥ 1; default 2. */
  boxes?: number;
  /**
   * Factor of the errors of responsible boxes in place and size, λ_coord; ≥ 0; default 5; lecture notes 004, line 7387,
   * print 0.5.
   */
  coord?: number;
  /** Factor of the confidence of boxes without an object, λ_noobj; ≥ 0; default 0.5. */
  noObject?: number;
}

export function checkYolo(op: string, { boxes = 2, coord = 5, noObject = 0.5 }: YoloLossOptions): void {
  checkWhole(op, 'boxes', boxes, 1);
  checkNonNegative(op, 'coord', coord);
  checkNonNegative(op, 'noObject', noObject);
}

/** Five of a box: its centre from its cell's corner, in cells; its size, in images; its confidence. */
const fields = 5;

/**
 * The loss of YOLO's first version. Of an image of S × S cells, each predicts B boxes (x, y, w, h, confidence) and the
 * probabilities of C classes, in that order; the truth has for each cell one box, of which the last number is 1 where
 * there is an object, else 0, and the classes.
 *
 *   coord · Σ object · [(x − x̂)² + (y − ŷ)² + (√w − √ŵ)² + (√h − √ĥ)²] of the responsible box
 *     + Σ object · (confidence − IoU)² of the responsible box
 *     + noObject · Σ confidence² of all other boxes
 *     + Σ object · Σ over classes (p − p̂)²
 *
 * Responsible is the box with the highest IoU, of equal ones the first; no gradient goes through that choice, nor through
 * the IoU. A predicted size below 0 counts as 0.
 *
 * @param input   [N, S, S, 5 · B + C]
 * @param target  [N, S, S, 5 + C]
 * @returns       [], or with reduction 'none' [N], the sums of the images
 * @throws ShapeError "yoloLoss: target must be [2, 7, 7, 25], for 20 classes beside 2 boxes of input [2, 7, 7, 30]; got [2, 7, 7, 30]"
 * @source Redmon, Divvala, Girshick, Farhadi 2015, arXiv:1506.02640, equation 3; lecture notes 004, lines 7366 to 7444
 */
export function yoloLoss<const R extends LossReduction = 'mean'>(
  input: Tensor,
  target: Tensor,
  options: YoloLossOptions & LossOptions<R> = {},
): Tensor<Reduced<[number], R>> {
  const { boxes = 2, coord = 5, noObject = 0.5 } = options;
  checkYolo('yoloLoss', options);
  checkReduction('yoloLoss', options.reduction);
  checkRank('yoloLoss', 'input', input, ['N', 'rows', 'columns', '5 · boxes + classes']);
  const [n, rows, columns, width] = input.shape;
  const classes = width - fields * boxes;
  if (classes < 0) {
    throw new ShapeError(`yoloLoss: input must have 5 numbers for each of ${boxes} boxes; got ${show(input.shape)}`);
  }
  const wanted = [n, rows, columns, fields + classes];
  checkRank('yoloLoss', 'target', target, ['N', 'rows', 'columns', '5 + classes']);
  if (!sameShape(target.shape, wanted)) {
    throw new ShapeError(
      `yoloLoss: target must be ${show(wanted)}, for ${classes} classes beside ${boxes} boxes of input ${show(input.shape)}; got ${show(target.shape)}`,
    );
  }
  return inFloat([input, target], (input: Tensor, target: Tensor) => {
    const grid = [rows, columns] as const;
    const predicted: Tensor = slice(input, '...', [0, fields * boxes]).reshape([n, rows, columns, boxes, fields]);
    const truth: Tensor = unsqueeze(slice(target, '...', [0, fields]), 3);
    const object: Tensor = slice(target, '...', fields - 1);
    const overlaps = overlap(predicted.detach(), truth.detach(), grid);
    const best: Tensor = unsqueeze(argmax(overlaps, -1), -1);
    // 1 for the responsible box of a cell with an object, else 0: [N, S, S, B].
    const isBest = to(eq(arange(boxes, { dtype: 'int32' }), best), input.dtype);
    const responsible: Tensor = mul(isBest, unsqueeze(object, -1));
    const place = square(sub(slice(predicted, '...', [0, 2]), slice(truth, '...', [0, 2])));
    const size = square(sub(safeSqrt(slice(predicted, '...', [2, 4])), safeSqrt(slice(truth, '...', [2, 4]))));
    const confidence: Tensor = slice(predicted, '...', fields - 1);
    const boxLosses: Tensor = add(
      mul(responsible, add(mul(sum(add(place, size), -1), coord), square(sub(confidence, overlaps)))),
      mul(mul(sub(1, responsible), square(confidence)), noObject),
    );
    const shares = sub(slice(input, '...', [fields * boxes, null]), slice(target, '...', [fields, null]));
    const cellLosses: Tensor = mul(object, sum(square(shares), -1));
    return reduceLoss(sum(add(sum(boxLosses, -1), cellLosses), [1, 2]), options);
  }) as Tensor;
}

/** The shared area of boxes over their joined one; 0 where both are empty. [..., B] */
function overlap(a: Tensor, b: Tensor, [rows, columns]: readonly [number, number]): Tensor {
  const range = (box: Tensor, axis: 0 | 1): [low: Tensor, high: Tensor, length: Tensor] => {
    // In images: a cell is 1 / columns wide.
    const centre = div(slice(box, '...', axis), axis === 0 ? columns : rows);
    const length = clamp(slice(box, '...', axis + 2) as Tensor, { min: 0 });
    const half = div(length, 2);
    return [sub(centre, half), add(centre, half), length];
  };
  const shared = ([0, 1] as const).map((axis) => {
    const [p, q] = [range(a, axis), range(b, axis)];
    return clamp(sub(minimum(p[1], q[1]), maximum(p[0], q[0])) as Tensor, { min: 0 });
  });
  const area = (box: Tensor): Tensor => mul(range(box, 0)[2], range(box, 1)[2]);
  const both = mul(shared[0], shared[1]);
  const joined: Tensor = sub(add(area(a), area(b)), both);
  return div(both, add(joined, to(eq(joined, 0), joined.dtype)));
}
