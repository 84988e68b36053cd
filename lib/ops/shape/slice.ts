import { run } from '../../backend/index.js';
import type { DType } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { fill } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, parts, Tensor } from '../../tensor/tensor.js';

/**
 * What to take along one axis: an index (the axis goes away), `[start, stop, step]` with parts left out or null for their
 * defaults, null for all of it, or '...' once for all of as many axes as are left.
 */
export type Range =
  | number
  | null
  | '...'
  | readonly [start?: number | null, stop?: number | null, step?: number | null];

/**
 * A view of part of x, by Python's rules: `stop` is excluded, negative indices count from the end, ranges are cut to the
 * axis, a negative step walks backwards.
 *
 *     x.slice(0)                        // x[0]
 *     x.slice([1, 5], null, [null, null, -1])   // x[1:5, :, ::-1]
 *     x.slice('...', -1)                // x[..., -1]
 *
 * @param x       [...]
 * @param ranges  one an axis from the first; axes that are left over stay whole
 * @returns       a view
 * @throws ShapeError for more ranges than axes or an index out of range; ValueError for a step of 0
 */
export function slice<D extends DType>(x: Tensor<any, D>, ...ranges: readonly Range[]): Tensor<any, D> {
  checkTensor('slice', x);
  const parts = complete(x, ranges);
  const shape: number[] = [];
  const strides: number[] = [];
  let offset = x.offset;
  for (let axis = 0; axis < parts.length; axis++) {
    const { start, count, step, drop } = parts[axis];
    if (count > 0) offset += start * x.strides[axis];
    if (drop) continue;
    shape.push(count);
    strides.push(step * x.strides[axis]);
  }
  const y: Tensor = new Tensor(x.storage, x.dtype, shape, strides, offset);
  const { shape: whole } = x;
  return record('slice', y, [x], [], (dy) => [embed(dy, whole, ranges)]);
}

/** The inverse of `slice`: a tensor of `shape`, y in the place that the ranges name and 0 elsewhere. */
export function embed(y: Tensor, shape: readonly number[], ranges: readonly Range[]): Tensor {
  const x: Tensor = fill(shape, 0, y.dtype);
  run('copy', [parts(slice(x, ...ranges)), parts(y)]);
  return record('embed', x, [y], [], (dx) => [slice(dx, ...ranges)]);
}

interface Part {
  start: number;
  count: number;
  step: number;
  drop: boolean;
}

/** One part per axis. */
function complete(x: Tensor, ranges: readonly Range[]): Part[] {
  const dots = ranges.indexOf('...');
  const named = ranges.length - (dots >= 0 ? 1 : 0);
  if (named > x.rank || ranges.lastIndexOf('...') !== dots) {
    throw new ShapeError(
      `slice: at most one range per axis and one '...'; got ${ranges.length} ranges for shape ${show(x.shape)}`,
    );
  }
  const rest: Range[] = new Array(x.rank - named).fill(null);
  const all = dots < 0 ? [...ranges, ...rest] : [...ranges.slice(0, dots), ...rest, ...ranges.slice(dots + 1)];
  return all.map((range, axis) => resolve(range as Exclude<Range, '...'>, x.shape[axis], axis));
}

function resolve(range: Exclude<Range, '...'>, size: number, axis: number): Part {
  if (typeof range === 'number') {
    if (!Number.isInteger(range) || range < -size || range >= size) {
      throw new ShapeError(`slice: index ${range} of axis ${axis} must be within ${-size} … ${size - 1}`);
    }
    return { start: range < 0 ? range + size : range, count: 1, step: 1, drop: true };
  }
  const [from, to, by] = range ?? [];
  const step = by ?? 1;
  if (!Number.isInteger(step) || step === 0)
    throw new ValueError(`slice: a step must be a whole number other than 0; got ${step} for axis ${axis}`);
  for (const end of [from, to]) {
    if (end !== undefined && end !== null && !Number.isInteger(end))
      throw new ValueError(`slice: bounds must be whole numbers; got ${end} for axis ${axis}`);
  }
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const bound = (value: number | null | undefined, otherwise: number): number =>
    value === null || value === undefined ? otherwise : Math.min(Math.max(value < 0 ? value + size : value, low), high);
  const start = bound(from, step > 0 ? 0 : size - 1);
  const stop = bound(to, step > 0 ? size : -1);
  return { start, count: Math.max(0, Math.ceil((stop - start) / step)), step, drop: false };
}
