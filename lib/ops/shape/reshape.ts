import { checkArray } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { checkShape, contiguousStrides, sameShape, show, sizeOf } from '../../core/shape.js';
import type { Literal, Shape } from '../../core/types.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, Tensor } from '../../tensor/tensor.js';
import { contiguous } from './contiguous.js';

/** The shape that −1 in a requested one gives: the unknown dimension is a `number`. */
export type Reshaped<T extends Shape> = Literal<{ [K in keyof T]: T[K] extends -1 ? number : T[K] }>;

/**
 * The same elements in row-major order under another shape; a view where the strides allow it, else a copy.
 *
 * @param x      [...]
 * @param shape  the result's, of as many elements; one −1 stands for what is left over
 * @returns      of that shape; x itself if it has it
 * @throws ShapeError "reshape: [2, 3] has 6 elements, [4] has 4; …"
 */
export function reshape<const T extends Shape, D extends DType>(x: Tensor<any, D>, shape: T): Tensor<Reshaped<T>, D> {
  checkTensor('reshape', x);
  checkArray('reshape', 'shape', shape);
  if (sameShape(shape, x.shape)) return x as Tensor<any, D>;
  const to = resolve(x.shape, shape);
  if (sameShape(to, x.shape)) return x;
  const strides = viewStrides(x.shape, x.strides, to);
  if (strides === null) return reshape(contiguous(x), to) as Tensor<any, D>;
  const y = new Tensor(x.storage, x.dtype, to, strides, x.offset);
  const { shape: from } = x;
  return record('reshape', y, [x], [], (dy) => [reshape(dy, from)]) as Tensor<any, D>;
}

function resolve(from: Shape, shape: Shape): number[] {
  const to = [...shape];
  const unknown = shape.indexOf(-1);
  if (unknown >= 0) {
    if (shape.lastIndexOf(-1) !== unknown) throw new ShapeError(`reshape: one dimension may be -1; got ${show(shape)}`);
    const known = sizeOf(shape.filter((_, i) => i !== unknown));
    to[unknown] = known === 0 ? 0 : sizeOf(from) / known;
    if (!Number.isInteger(to[unknown])) {
      throw new ShapeError(
        `reshape: ${show(from)} has ${sizeOf(from)} elements, which ${known} does not divide, in ${show(shape)}`,
      );
    }
  }
  checkShape('reshape', to);
  if (sizeOf(to) !== sizeOf(from)) {
    throw new ShapeError(
      `reshape: ${show(from)} has ${sizeOf(from)} elements, ${show(shape)} has ${sizeOf(to)}; they must be equal (one dimension may be -1)`,
    );
  }
  return to;
}

/** Strides that read a view under another shape, or null where that takes a copy. */
function viewStrides(from: Shape, strides: readonly number[], to: Shape): number[] | null {
  if (sizeOf(from) === 0) return contiguousStrides(to);
  const out = new Array<number>(to.length).fill(1);
  let i = from.length - 1;
  let j = to.length - 1;
  // Match runs of axes with equal products from the right; within a run the old axes must lie without gaps.
  while (j >= 0) {
    if (to[j] === 1) {
      j--;
      continue;
    }
    while (i >= 0 && from[i] === 1) i--;
    let product = from[i];
    let wanted = to[j];
    out[j] = strides[i];
    while (product !== wanted) {
      if (product < wanted) {
        // An axis of size 1 within the run may have any stride.
        let outer = i - 1;
        while (from[outer] === 1) outer--;
        if (strides[outer] !== strides[i] * from[i]) return null;
        i = outer;
        product *= from[i];
      } else {
        out[j - 1] = out[j] * to[j];
        j--;
        wanted *= to[j];
      }
    }
    i--;
    j--;
  }
  return out;
}
