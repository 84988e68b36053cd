import { checkDType, type DType } from '../../core/dtype.js';
import { StateError, ValueError } from '../../core/errors.js';
import { everyStep } from '../../core/recording.js';
import { checkShape } from '../../core/shape.js';
import { arange } from '../../ops/creation/arange.js';
import { add } from '../../ops/elementwise/add.js';
import { gt } from '../../ops/elementwise/gt.js';
import { indexAdd } from '../../ops/indexing/index_select.js';
import { fill } from '../../tensor/create.js';
import { liveNumber } from '../../tensor/live_number.js';
import type { Tensor } from '../../tensor/tensor.js';

/**
 * Keys and values of the positions that an attention has seen, so that text is continued without computing them again:
 * see `MultiheadAttention.newCache`. Its size is fixed, so that one captured step serves every position.
 */
export class KeyValueCache {
  /** [N, heads, capacity, width of a head]; 0 where nothing was written yet. */
  readonly keys: Tensor;
  /** As the keys. */
  readonly values: Tensor;
  #length = 0;

  constructor(shape: readonly [batch: number, heads: number, capacity: number, width: number], dtype: DType) {
    checkShape('KeyValueCache', shape);
    checkDType('KeyValueCache', dtype);
    this.keys = fill(shape, 0, dtype);
    this.values = fill(shape, 0, dtype);
  }

  /** How many positions it has room for. */
  get capacity(): number {
    return this.keys.shape[2];
  }

  /** How many positions are written. */
  get length(): number {
    return this.#length;
  }

  /** Forgets all positions. */
  clear(): void {
    for (const part of [this.keys, this.values]) part.assign(fill(part.shape, 0, part.dtype));
    this.#length = 0;
  }

  /**
   * The next positions, [count] int32, which are then written.
   *
   * @throws ValueError "KeyValueCache: there is room for 16 positions; got 15 and 2 more; make it larger, or clear() it"
   */
  advance(count: number): Tensor<[number], 'int32'> {
    let start = 0;
    everyStep(() => {
      if (this.#length + count > this.capacity) {
        throw new ValueError(
          `KeyValueCache: there is room for ${this.capacity} positions; got ${this.#length} and ${count} more; make it larger, or clear() it`,
        );
      }
      start = this.#length;
      this.#length += count;
    });
    return add(
      arange(count, { dtype: 'int32' }),
      liveNumber('int32', () => start),
    ) as Tensor<[number], 'int32'>;
  }

  /** Writes keys and values [N, heads, count, width] at their positions. */
  write(positions: Tensor<[number], 'int32'>, keys: Tensor, values: Tensor): void {
    if (keys.node !== null || values.node !== null) {
      throw new StateError('KeyValueCache: what it keeps has no history; got keys with one; decode within noGrad');
    }
    // Nothing but 0 was there before.
    this.keys.assign(indexAdd(this.keys, 2, positions, keys));
    this.values.assign(indexAdd(this.values, 2, positions, values));
  }

  /** [count, capacity]: true where a key comes after the query, or is not written yet. */
  hidden(positions: Tensor<[number], 'int32'>): Tensor<[number, number], 'bool'> {
    return gt(arange(this.capacity, { dtype: 'int32' }), positions.reshape([positions.size, 1])) as Tensor<
      [number, number],
      'bool'
    >;
  }
}
