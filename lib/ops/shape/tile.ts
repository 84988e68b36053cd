import type { DType } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import { checkAxis, show } from '../../core/shape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { expand } from './expand.js';
import { reshape } from './reshape.js';

/**
 * x repeated along its axes as a whole: [a, b] → [a, b, a, b].
 *
 * @param x        [...]
 * @param repeats  how often along each of the last axes; more of them than axes put new ones in front
 * @throws ValueError "tile: repeats must be whole numbers ≥ 0; got [2, -1]"
 */
export function tile<D extends DType>(x: Tensor<any, D>, repeats: readonly number[]): Tensor<any, D> {
  checkTensor('tile', x);
  checkRepeats('tile', repeats);
  const rank = Math.max(x.rank, repeats.length);
  const sizes: number[] = [...new Array<number>(rank - x.rank).fill(1), ...x.shape];
  const times: number[] = [...new Array<number>(rank - repeats.length).fill(1), ...repeats];
  const apart: Tensor = reshape(
    x,
    sizes.flatMap((size) => [1, size]),
  );
  const repeated = expand(
    apart,
    sizes.flatMap((size, i) => [times[i], size]),
  );
  return reshape(
    repeated,
    sizes.map((size, i) => size * times[i]),
  );
}

/**
 * Each element repeated along an axis: [a, b] → [a, a, b, b].
 *
 * @param x        [...]
 * @param repeats  how often; whole, ≥ 0
 * @param axis     default all elements as one row
 * @throws ValueError "repeatInterleave: repeats must be whole numbers ≥ 0; got [-1]"
 */
export function repeatInterleave<D extends DType>(x: Tensor<any, D>, repeats: number, axis?: number): Tensor<any, D> {
  checkTensor('repeatInterleave', x);
  checkRepeats('repeatInterleave', [repeats]);
  if (axis === undefined) return repeatInterleave(reshape(x, [x.size]), repeats, 0);
  const along = checkAxis('repeatInterleave', axis, x.rank);
  const [before, after]: number[][] = [x.shape.slice(0, along + 1), x.shape.slice(along + 1)];
  const repeated = expand(reshape(x, [...before, 1, ...after]), [...before, repeats, ...after]);
  return reshape(repeated, [...before.slice(0, -1), x.shape[along] * repeats, ...after]);
}

function checkRepeats(op: string, repeats: readonly number[]): void {
  if (!Array.isArray(repeats) || !repeats.every((n) => Number.isInteger(n) && n >= 0)) {
    const got = Array.isArray(repeats) ? show(repeats) : repeats;
    throw new ValueError(`${op}: repeats must be whole numbers ≥ 0; got ${got}`);
  }
}
