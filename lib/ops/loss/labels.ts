import { checkRange } from '../../backend/index.js';
import type { DType } from '../../core/dtype.js';
import { DTypeError, ShapeError, ValueError } from '../../core/errors.js';
import { sameShape, show } from '../../core/shape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { ne } from '../elementwise/ne.js';
import { indexSelect } from '../indexing/index_select.js';
import { position } from '../indexing/indexing.js';
import { where } from '../indexing/where.js';
import { to } from '../shape/to.js';

/* What the losses of labels, one class for each position, share. */

/** The axis of the classes: [batch, classes, ...] or [classes]. */
export function checkClasses(op: string, name: string, x: Tensor): number {
  checkTensor(op, x);
  if (x.rank === 0) {
    throw new ShapeError(`${op}: ${name} must have the axes [batch, classes, ...] or [classes]; got []`);
  }
  return x.rank === 1 ? 0 : 1;
}

export interface LabelOptions {
  /** Labels of this value have no loss and no say in the mean; default −100. */
  ignoreIndex?: number;
}

/** The labels of x's positions, in int32; `also` is what else the loss takes in their place. */
export function checkLabels(
  op: string,
  name: string,
  x: Tensor,
  target: Tensor,
  axis: number,
  { ignoreIndex, also = '' }: { ignoreIndex?: number; also?: string } = {},
): Tensor {
  checkTensor(op, target);
  if (target.dtype !== 'int32' && target.dtype !== 'uint8') {
    throw new DTypeError(`${op}: labels must be int32 or uint8${also}; got ${target.dtype}`);
  }
  const wanted = x.shape.filter((_: number, i: number) => i !== axis);
  if (!sameShape(target.shape, wanted)) {
    throw new ShapeError(
      `${op}: labels for ${name} ${show(x.shape)} must have shape ${show(wanted)}; got ${show(target.shape)}`,
    );
  }
  const classes = x.shape[axis];
  const labels = to(target, 'int32');
  const ignored = ignoreIndex === undefined ? '' : `, or ${ignoreIndex} to be ignored`;
  checkRange(
    labels,
    { low: 0, high: classes - 1, ...(ignoreIndex !== undefined && { except: ignoreIndex }) },
    (label, at) =>
      new ValueError(
        `${op}: labels must be within 0 … ${classes - 1}${ignored}; got ${label} at ${show(position(at, target.shape))}; check the number of classes`,
      ),
  );
  return labels;
}

/** What each label counts for: its class's weight, or 1; 0 where it is ignored. */
export function labelWeights(labels: Tensor, weight: Tensor | undefined, ignoreIndex: number, dtype: DType): Tensor {
  const counts = ne(labels, ignoreIndex);
  if (weight === undefined) return to(counts, dtype);
  const flat: Tensor = where(counts, labels, 0).reshape([labels.size]);
  return where(counts, indexSelect(weight, 0, flat).reshape(labels.shape), 0);
}
