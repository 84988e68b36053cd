import { ShapeError } from './errors.js';
import type { Shape } from './types.js';

/** A view of up to this many axes fits the records that go to the native code (`native/call.h`). */
export const maxRank = 12;

/** `[2, 3]`, as errors and summaries print a shape. */
export const show = (shape: Shape): string => `[${shape.join(', ')}]`;

/** Number of elements: the product of the dimensions; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i];
  return size;
}

/** Row-major strides, in elements. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

/** Whether the elements lie in row-major order without gaps (axes of size 1 have no say). */
export function isContiguous(shape: Shape, strides: readonly number[]): boolean {
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1) {
      if (strides[i] !== stride) return false;
      stride *= shape[i];
    }
  }
  return true;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A user's shape: whole, non-negative dimensions, at most `maxRank` of them, and no more elements than can be counted. */
export function checkShape(op: string, shape: Shape): void {
  if (!Array.isArray(shape)) {
    throw new ShapeError(`${op}: a shape must be an array of dimensions; got ${shape}; write e.g. [2, 3]`);
  }
  if (shape.length > maxRank) {
    throw new ShapeError(`${op}: a tensor has at most ${maxRank} axes; got ${shape.length} in ${show(shape)}`);
  }
  let size = 1;
  for (const d of shape) {
    if (!Number.isSafeInteger(d) || d < 0) {
      throw new ShapeError(`${op}: a dimension must be a whole number ≥ 0; got ${d} in ${show(shape)}`);
    }
    // Without the zeros too: native code multiplies dimensions in 64 bits, one after the other.
    size *= d || 1;
  }
  if (size > Number.MAX_SAFE_INTEGER) {
    throw new ShapeError(`${op}: a tensor has at most 2^53 − 1 elements; got shape ${show(shape)}`);
  }
}

/** A user's axis as an index: −1 is the last. */
export function checkAxis(op: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const range = rank === 0 ? 'a scalar has no axes' : `must be within ${-rank} … ${rank - 1}`;
    throw new ShapeError(`${op}: axis ${axis} of a tensor with ${rank} axes; ${range}`);
  }
  return axis < 0 ? axis + rank : axis;
}

/** A user's axes as sorted indices, each once; undefined means all of them. */
export function checkAxes(op: string, axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) {
    const all = new Array<number>(rank);
    for (let i = 0; i < rank; i++) all[i] = i;
    return all;
  }
  if (!Array.isArray(axes)) return [checkAxis(op, axes as number, rank)];
  const checked = axes.map((axis) => checkAxis(op, axis, rank));
  if (new Set(checked).size !== checked.length) {
    throw new ShapeError(`${op}: each axis may be named once; got ${show(axes)} of a tensor with ${rank} axes`);
  }
  return checked.sort((a, b) => a - b);
}

/** Common shape of two operands by NumPy's rule: aligned at the right, 1 stretches. */
export function broadcastShapes(op: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const p = i > a.length ? 1 : a[a.length - i];
    const q = i > b.length ? 1 : b[b.length - i];
    if (p !== q && p !== 1 && q !== 1) {
      throw new ShapeError(
        `${op}: shapes ${show(a)} and ${show(b)} do not broadcast: ${p} and ${q} differ in axis ${-i}; ` +
          'each pair of dimensions, aligned at the right, must be equal or have a 1',
      );
    }
    out[rank - i] = p === 1 ? q : p;
  }
  return out;
}

/** Strides that read a tensor as a larger one of `shape`, its stretched axes standing still; the shapes must broadcast. */
export function broadcastStrides(shape: Shape, strides: readonly number[], to: Shape): number[] {
  const out = new Array<number>(to.length);
  const shift = to.length - shape.length;
  for (let i = 0; i < to.length; i++) out[i] = i < shift || shape[i - shift] === 1 ? 0 : strides[i - shift];
  return out;
}
