import { run } from '../../backend/index.js';
import { checkArray } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Ranked, Shape } from '../../core/types.js';
import { empty, full, tensor } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, parts, type Tensor } from '../../tensor/tensor.js';
import { indexAdd } from '../indexing/index_select.js';
import { concat } from './concat.js';
import { type Range, slice } from './slice.js';

/** How many elements to add at the start and at the end of an axis. */
export type Padding = readonly [before: number, after: number];

/** How x goes on: mirrored at its first and last element, by repeating these, or from its other end. */
export type PadMode = 'reflect' | 'replicate' | 'circular';

/** The rank stays; the sizes are computed at run time. */
export type Padded<S extends Shape> = Ranked<S> extends false ? any : { -readonly [K in keyof S]: number };

/**
 * x surrounded by a constant, or continued.
 *
 *     pad(image, [[1, 1], [2, 2]])             // one row above and below, two columns left and right, of each channel
 *     pad(signal, [[2, 2]], 'reflect')         // [a, b, c, d] → [c, b, a, b, c, d, c, b]
 *     pad(signal, [[2, 2]], 'replicate')       // [a, a, a, b, c, d, d, d]
 *     pad(signal, [[2, 2]], 'circular')        // [c, d, a, b, c, d, a, b]
 *
 * @param x        [...]
 * @param padding  [before, after] for each of the last axes, or of all
 * @param fill     the constant, or how x goes on; default 0
 * @throws ShapeError "pad: padding must be whole numbers ≥ 0, a pair for each of at most 2 axes; got …"
 * @throws ShapeError "pad: 'reflect' takes at most 2 elements on each side of axis 1 of [2, 3]; got [3, 0]"
 */
export function pad<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  padding: readonly Padding[],
  fill: number | PadMode = 0,
): Tensor<Padded<S>, D> {
  checkTensor('pad', x);
  checkArray('pad', 'padding', padding);
  if (padding.length > x.rank || padding.flat().some((n) => !Number.isInteger(n) || n < 0)) {
    throw new ShapeError(
      `pad: padding must be whole numbers ≥ 0, a pair for each of at most ${x.rank} axes; got [${padding.map(show).join(', ')}]`,
    );
  }
  return typeof fill === 'number' ? surrounded(x, padding, fill) : continued(x, padding, fill);
}

function surrounded(x: Tensor, padding: readonly Padding[], value: number): Tensor {
  const first = x.rank - padding.length;
  const shape = x.shape.map((d: number, i: number) =>
    i < first ? d : padding[i - first][0] + d + padding[i - first][1],
  );
  const { shape: inner } = x;
  const inside: Range[] = ['...', ...padding.map(([before], i): Range => [before, before + inner[first + i]])];
  const y: Tensor = full(shape, value, { dtype: x.dtype });
  run('copy', [parts(slice(y, ...inside)), parts(x)]);
  return record('pad', y, [x], [], (dy) => [slice(dy, ...inside)]);
}

/** A mode's most elements on a side, and the element that is read at `at`, which may be below 0 or beyond the size. */
const modes: Record<PadMode, { most: (size: number) => number; source: (at: number, size: number) => number }> = {
  reflect: { most: (size) => size - 1, source: (at, size) => size - 1 - Math.abs(size - 1 - Math.abs(at)) },
  replicate: {
    most: (size) => (size > 0 ? Number.POSITIVE_INFINITY : 0),
    source: (at, size) => Math.min(Math.max(at, 0), size - 1),
  },
  circular: { most: (size) => size, source: (at, size) => (at + size) % size },
};

/** A stretch of the result along one axis, and where in x it is read: with a step of 1, −1, or 0 for one element. */
interface Stretch {
  readonly to: Range;
  readonly from: Range;
}

function continued(x: Tensor, padding: readonly Padding[], mode: PadMode): Tensor {
  if (!Object.hasOwn(modes, mode)) {
    throw new ValueError(`pad: fill must be a number, 'reflect', 'replicate' or 'circular'; got '${mode}'`);
  }
  const { most, source } = modes[mode];
  const sizes: number[] = x.shape.slice(x.rank - padding.length);
  padding.forEach(([before, after], i) => {
    if (Math.max(before, after) <= most(sizes[i]) || before + after === 0) return;
    throw new ShapeError(
      `pad: '${mode}' takes at most ${Math.max(0, most(sizes[i]))} elements on each side of axis ${x.rank - padding.length + i} of ${show(x.shape)}; got ${show([before, after])}`,
    );
  });
  if (padding.every(([before, after]) => before + after === 0)) return x;
  const shape = [
    ...x.shape.slice(0, x.rank - padding.length),
    ...padding.map(([before, after], i) => before + sizes[i] + after),
  ];
  const y: Tensor = empty(shape, x.dtype);
  let regions: Stretch[][] = [[]];
  padding.forEach(([before, after], i) => {
    const size = sizes[i];
    const outside = (first: number, count: number): Stretch[] => {
      if (count === 0) return [];
      const start = source(first - before, size);
      const step = count > 1 ? source(first - before + 1, size) - start : 0;
      return [{ to: [first, first + count], from: places(start, step, count) }];
    };
    const stretches = [
      ...outside(0, before),
      { to: [before, before + size], from: null } as const,
      ...outside(before + size, after),
    ];
    regions = regions.flatMap((region) => stretches.map((stretch) => [...region, stretch]));
  });
  for (const region of regions) {
    const to = slice(y, '...', ...region.map(({ to }) => to));
    run('copy', [parts(to), parts(slice(x.detach(), '...', ...region.map(({ from }) => from)))]);
  }
  return record('pad', y, [x], [], (dy) => [folded(dy, padding, sizes, source)]);
}

/** `count` places from `start` on; one where they do not move. */
const places = (start: number, step: number, count: number): Range => {
  if (step === 0) return [start, start + 1];
  const stop = start + step * count;
  return [start, stop < 0 ? null : stop, step];
};

/** The gradient: what lies outside is added to the elements that were read there. */
function folded(
  dy: Tensor,
  padding: readonly Padding[],
  sizes: readonly number[],
  source: (at: number, size: number) => number,
): Tensor {
  return padding.reduce((dx, [before, after], i) => {
    if (before + after === 0) return dx;
    const [axis, size] = [dy.rank - padding.length + i, sizes[i]];
    const along = (range: Range): Tensor => slice(dx, ...new Array<null>(axis).fill(null), range);
    const outside = Array.from({ length: before + after }, (_, k) => (k < before ? k - before : k - before + size));
    const index = tensor(Int32Array.from(outside, (at) => source(at, size)));
    return indexAdd(
      along([before, before + size]),
      axis,
      index,
      concat([along([0, before]), along([before + size, null])], axis),
    );
  }, dy);
}
