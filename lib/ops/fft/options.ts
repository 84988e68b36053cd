import { checkOneOf, checkWhole } from '../../core/check.js';
import { ShapeError } from '../../core/errors.js';
import { checkAxes, checkAxis, show } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { pad } from '../shape/pad.js';
import { type Range, slice } from '../shape/slice.js';

/**
 * Who divides: 'backward' the inverse transform by n, 'forward' the forward one, 'ortho' each by √n. The default is
 * 'backward'.
 */
export type FFTNorm = 'backward' | 'ortho' | 'forward';

export interface FFTOptions {
  /** Length of the signal: a longer one is cut, a shorter one gets zeros at its end; whole, ≥ 1; default its own. */
  n?: number;
  /** Along which axis; default −1. */
  axis?: number;
  /** Who divides by the number of elements; default 'backward'. */
  norm?: FFTNorm;
}

export interface FFTNOptions {
  /** Lengths along the axes, as `n`; −1 for the signal's own; default its own. */
  s?: readonly number[];
  /** Along which axes; default the last ones, as many as `s` has, or all. */
  axes?: readonly number[];
  /** Who divides by the number of elements; default 'backward'. */
  norm?: FFTNorm;
}

/** What a transform of n elements is multiplied by. */
export function scaleOf(op: string, norm: FFTNorm, n: number, inverse: boolean): number {
  checkOneOf(op, 'norm', norm, ['backward', 'ortho', 'forward']);
  if (norm === 'ortho') return 1 / Math.sqrt(n);
  return (norm === 'backward') === inverse ? 1 / n : 1;
}

/** The axis, and the signal's length along it. */
export function checkLength(op: string, x: Tensor, n: number | undefined, axis: number): { axis: number; n: number } {
  const at = checkAxis(op, axis, x.rank);
  if (n !== undefined) checkWhole(op, 'n', n, 1);
  const length: number = n ?? x.shape[at];
  if (length === 0) {
    throw new ShapeError(`${op}: there is no transform of zero elements; got axis ${at} of shape ${show(x.shape)}`);
  }
  return { axis: at, n: length };
}

/** The axes, in their order, and the lengths along them, undefined for the signal's own. */
export function checkLengths(
  op: string,
  x: Tensor,
  { s, axes }: FFTNOptions,
): readonly { axis: number; n: number | undefined }[] {
  const last = s && Array.from(s, (_, i) => i - s.length);
  const given = axes ?? last ?? Array.from(x.shape, (_, i) => i);
  const checked = checkAxes(op, given, x.rank);
  if (s !== undefined && s.length !== checked.length) {
    throw new ShapeError(`${op}: s must have a length for each axis; got ${show(s)} for axes ${show(given)}`);
  }
  return given.map((axis, i) => ({
    axis: checkAxis(op, axis, x.rank),
    n: s === undefined || s[i] === -1 ? undefined : s[i],
  }));
}

/** x cut, or with zeros at the end, along an axis. */
export function resize(x: Tensor, axis: number, n: number): Tensor {
  const size: number = x.shape[axis];
  if (size === n) return x;
  const before: Range[] = new Array(axis).fill(null);
  if (size > n) return slice(x, ...before, [0, n]);
  return pad(x, [[0, n - size], ...new Array(x.rank - axis - 1).fill([0, 0])]) as Tensor;
}
