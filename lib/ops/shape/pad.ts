import { run } from '../../backend/index.js';
import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Ranked, Shape } from '../../core/types.js';
import { full } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { type Range, slice } from './slice.js';

/** How many elements to add at the start and at the end of an axis. */
export type Padding = readonly [before: number, after: number];

/** The rank stays; the sizes are computed at run time. */
export type Padded<S extends Shape> = Ranked<S> extends false ? any : { -readonly [K in keyof S]: number };

/**
 * x surrounded by a constant.
 *
 *     pad(image, [[1, 1], [2, 2]])    // one row above and below, two columns left and right, of each channel
 *
 * @param x        [...]
 * @param padding  [before, after] for each of the last axes, or of all
 * @param value    default 0
 * @throws ShapeError "pad: padding must be whole numbers ≥ 0, a pair for each of at most 2 axes; got …"
 */
export function pad<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  padding: readonly Padding[],
  value = 0,
): Tensor<Padded<S>, D> {
  checkTensor('pad', x);
  if (padding.length > x.rank || padding.flat().some((n) => !Number.isInteger(n) || n < 0)) {
    throw new ShapeError(
      `pad: padding must be whole numbers ≥ 0, a pair for each of at most ${x.rank} axes; got [${padding.map(show).join(', ')}]`,
    );
  }
  const first = x.rank - padding.length;
  const shape = x.shape.map((d, i) => (i < first ? d : padding[i - first][0] + d + padding[i - first][1]));
  const { shape: inner } = x;
  const inside: Range[] = ['...', ...padding.map(([before], i): Range => [before, before + inner[first + i]])];
  const y: Tensor = full(shape, value, { dtype: x.dtype });
  run('copy', [slice(y, ...inside), x]);
  return record('pad', y, [x], [], (dy) => [slice(dy, ...inside)]);
}
