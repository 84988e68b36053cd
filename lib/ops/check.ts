import { DTypeError, ShapeError } from '../core/errors.js';
import { sameShape, show } from '../core/shape.js';
import type { Shape } from '../core/types.js';
import { checkTensor, type Optional, type Tensor } from '../tensor/tensor.js';

/* Operands, one wording each. `checkTensor` alone is for those of any shape and dtype. */

/** A tensor with the named axes, where '...' stands for any number of others. `fix` ends the error: `; what to do`. */
export function checkRank(op: string, name: string, x: Tensor, axes: readonly string[], fix = ''): void {
  checkTensor(op, x);
  const open = axes.includes('...');
  const least = axes.length - Number(open);
  if (open ? x.rank < least : x.rank !== least) {
    throw new ShapeError(`${op}: ${name} must have the axes [${axes.join(', ')}]; got ${show(x.shape)}${fix}`);
  }
}

/** Tensors of one shape, those that are not left out; `meaning` says where the shape comes from. */
export function checkShapes(
  op: string,
  operands: Readonly<Record<string, Optional>>,
  shape: Shape,
  meaning: () => string,
): void {
  for (const name in operands) {
    const x = operands[name];
    if (x === null || x === undefined) continue;
    checkTensor(op, x);
    if (!sameShape(x.shape, shape)) {
      throw new ShapeError(`${op}: ${name} must be ${show(shape)}, ${meaning()}; got ${show(x.shape)}`);
    }
  }
}

/** A bool tensor; `name` is its subject, as 'the mask'. */
export function checkBool(op: string, name: string, x: Tensor): void {
  checkTensor(op, x);
  if (x.dtype !== 'bool') {
    throw new DTypeError(`${op}: ${name} must be bool; got ${x.dtype}; compare it, e.g. x.ne(0)`);
  }
}
