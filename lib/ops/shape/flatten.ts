import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { checkAxis, sizeOf } from '../../core/shape.js';
import type { Ranked, Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { reshape } from './reshape.js';

/** All axes joined, or all but the first; types cannot multiply, and leave the rest unknown. */
export type Flattened<S extends Shape, Start extends number, End extends number> =
  Ranked<S> extends false
    ? any
    : [Start, End] extends [0, -1]
      ? S extends readonly [number]
        ? S
        : [number]
      : [Start, End] extends [1, -1]
        ? S extends readonly [number, number]
          ? S
          : [S[0], number]
        : any;

/**
 * Joins neighbouring axes into one, in row-major order. A scalar becomes a vector of one element.
 *
 * @param x          [...]
 * @param startAxis  the first to join; default 0
 * @param endAxis    the last to join; default −1
 * @returns          [..., product of the joined sizes, ...]
 * @throws ShapeError "flatten: startAxis 2 must not come after endAxis 1"
 */
export function flatten<
  S extends Shape,
  D extends DType,
  const Start extends number = 0,
  const End extends number = -1,
>(x: Tensor<S, D>, startAxis?: Start, endAxis?: End): Tensor<Flattened<S, Start, End>, D> {
  checkTensor('flatten', x);
  const vector: number[] = [1];
  if (x.rank === 0) return reshape(x, vector);
  const start = checkAxis('flatten', startAxis ?? 0, x.rank);
  const end = checkAxis('flatten', endAxis ?? -1, x.rank);
  if (start > end) throw new ShapeError(`flatten: startAxis ${start} must not come after endAxis ${end}`);
  const joined = sizeOf(x.shape.slice(start, end + 1));
  return reshape(x, [...x.shape.slice(0, start), joined, ...x.shape.slice(end + 1)]);
}
