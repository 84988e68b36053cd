import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { reshape } from '../shape/reshape.js';
import { slice } from '../shape/slice.js';

/**
 * A learned parameter of channels [C], or [1] for all of them, as it broadcasts against x [N, C, ...]; a vector or a number
 * has one channel. With `each` numbers of a channel it is [C, each] or [1, each], and the result is one tensor for each.
 */
export function alongChannels(op: string, name: string, parameter: Tensor, x: Tensor, each?: number): Tensor[] {
  checkTensor(op, parameter);
  const channels: number = x.rank < 2 ? 1 : x.shape[1];
  const [count, ...rest] = parameter.shape;
  const rank = each === undefined ? 1 : 2;
  const fits =
    parameter.rank === rank && (count === 1 || count === channels) && (each === undefined || rest[0] === each);
  if (!fits) {
    const tail = each === undefined ? '' : `, ${each}`;
    const wanted = [...new Set([1, channels])].map((c) => `[${c}${tail}]`).join(' or ');
    throw new ShapeError(
      `${op}: ${name} must be ${wanted}, by the channels of x ${show(x.shape)}; got ${show(parameter.shape)}`,
    );
  }
  const shape: number[] = x.rank === 0 ? [] : [count, ...new Array<number>(Math.max(0, x.rank - 2)).fill(1)];
  return Array.from({ length: each ?? 1 }, (_, j) =>
    reshape(each === undefined ? parameter : (slice(parameter, null, j) as Tensor), shape),
  );
}
