import { checkRange } from '../../backend/index.js';
import { checkWhole } from '../../core/check.js';
import { DTypeError, ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { arange } from '../../ops/creation/arange.js';
import { add } from '../../ops/elementwise/add.js';
import { logicalNot } from '../../ops/elementwise/logical.js';
import { lt } from '../../ops/elementwise/lt.js';
import { mul } from '../../ops/elementwise/mul.js';
import { sub } from '../../ops/elementwise/sub.js';
import { indexSelect } from '../../ops/indexing/index_select.js';
import { where } from '../../ops/indexing/where.js';
import { reshape } from '../../ops/shape/reshape.js';
import { to } from '../../ops/shape/to.js';
import { unsqueeze } from '../../ops/shape/unsqueeze.js';
import { tensor } from '../../tensor/create.js';
import { Tensor } from '../../tensor/tensor.js';
import type { Direction } from './weights.js';

/*
 * Sequences of different lengths in one batch [steps, batch, n]: what stands behind the end of one is not read, and is 0 in
 * results. All of it is computed by ops on the lengths, so that a captured step takes other ones at every call.
 */

/** How many steps each sequence of a batch has, [batch]; a tensor where a captured step is given other ones at every call. */
export type Lengths = readonly number[] | Tensor<any, 'int32'>;

/** A batch of sequences of different lengths. */
export class Ragged {
  /** Whether a step is one of its sequence: [steps, batch, 1]. */
  readonly #within: Tensor;
  /** Of each place, the row of [steps · batch, n] that is there when every sequence runs from its end to its start. */
  readonly #mirrored: Tensor;
  /** The rows of the last steps, [batch]. */
  readonly #last: Tensor;

  /** @throws ValueError "GRU: lengths must be within 1 … 5, the steps of x; got 0 at [2]; leave out what is empty" */
  constructor(
    name: string,
    lengths: Lengths,
    readonly steps: number,
    readonly batch: number,
  ) {
    const counts: Tensor = lengths instanceof Tensor ? lengths : counted(name, lengths);
    if (counts.dtype !== 'int32') throw new DTypeError(`${name}: lengths must be int32; got ${counts.dtype}`);
    if (counts.rank !== 1 || counts.size !== batch) {
      throw new ShapeError(
        `${name}: lengths must be [${batch}], one for each sequence of x; got ${show(counts.shape)}`,
      );
    }
    const fail = (value: number, at: number) =>
      new ValueError(
        `${name}: lengths must be within 1 … ${steps}, the steps of x; got ${value} at [${at}]; leave out what is empty`,
      );
    checkRange(counts, { low: 1, high: steps }, fail);
    const step: Tensor = unsqueeze(arange(steps, { dtype: 'int32' }), 1);
    const row: Tensor = arange(batch, { dtype: 'int32' });
    const last: Tensor = sub(counts, 1);
    const within: Tensor = lt(step, counts);
    this.#within = unsqueeze(within, 2);
    this.#mirrored = reshape(add(mul(where(within, sub(last, step), step), batch), row), [-1]);
    this.#last = add(mul(last, batch), row);
  }

  /** Behind the ends 0. */
  masked(x: Tensor): Tensor {
    return where(this.#within, x, 0);
  }

  /** A direction that runs each sequence from its start to its end, or back. */
  each(direction: Direction): Direction {
    return (x, { reverse = false, ...way }, states) => {
      // Every sequence turned by itself: what is behind the end comes last either way.
      const turned = (y: Tensor): Tensor => (reverse ? reshape(this.#rows(y, this.#mirrored), y.shape) : y);
      const ended = (): Tensor => to(logicalNot(this.#within), x.dtype);
      const [output, [, ...others]] = direction(turned(x), { ...way, ended }, states);
      return [this.masked(turned(output)), [this.#rows(output, this.#last), ...others]];
    };
  }

  #rows(x: Tensor, index: Tensor): Tensor {
    return indexSelect(reshape(x, [this.steps * this.batch, x.shape[2]]), 0, index);
  }
}

function counted(name: string, lengths: readonly number[]): Tensor {
  for (const [i, length] of lengths.entries()) checkWhole(name, `lengths[${i}]`, length);
  return tensor([...lengths], { dtype: 'int32' });
}
