import { checkArray, checkObject } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { sameShape, show } from '../../core/shape.js';
import { checkRank } from '../../ops/check.js';
import { arange } from '../../ops/creation/arange.js';
import { add } from '../../ops/elementwise/add.js';
import { lt } from '../../ops/elementwise/lt.js';
import { mul } from '../../ops/elementwise/mul.js';
import { sub } from '../../ops/elementwise/sub.js';
import { indexSelect } from '../../ops/indexing/index_select.js';
import { where } from '../../ops/indexing/where.js';
import { cumsum } from '../../ops/reduction/cumsum.js';
import { sum } from '../../ops/reduction/sum.js';
import { concat } from '../../ops/shape/concat.js';
import { transpose } from '../../ops/shape/permute.js';
import { reshape } from '../../ops/shape/reshape.js';
import { stack } from '../../ops/shape/stack.js';
import { unsqueeze } from '../../ops/shape/unsqueeze.js';
import { searchSorted } from '../../ops/sorting/search_sorted.js';
import { fill, tensor } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';

/*
 * Sequences of different lengths without padding, as PyTorch packs them: all first steps, then all second ones, and so on,
 * longest sequence first. Of tensors only, so that a captured step can be given one.
 */

export interface PackedSequence<D extends DType = any> {
  /** The steps of all sequences, [Σ lengths, ...]. */
  readonly data: Tensor<any, D>;
  /** How many sequences have a step of each number, [steps]; never more than of the one before. */
  readonly batchSizes: Tensor<[number], 'int32'>;
  /** Where each packed sequence was, [batch]: the longest first. */
  readonly sortedIndices: Tensor<[number], 'int32'>;
  /** Where each sequence is now, [batch]. */
  readonly unsortedIndices: Tensor<[number], 'int32'>;
}

export interface PackOptions {
  /** Refuse lengths that increase; without it they are sorted, and unpacking puts them back; default true. */
  enforceSorted?: boolean;
}

export interface PadOptions {
  /** [batch, steps, ...] instead of [steps, batch, ...]; default false. */
  batchFirst?: boolean;
  /** What stands behind the ends; default 0. */
  paddingValue?: number;
}

const whole = (values: readonly number[]): Tensor<[number], 'int32'> => tensor([...values], { dtype: 'int32' });

/** The first two axes the other way round. */
const swapped = (x: Tensor, batchFirst: boolean): Tensor => (batchFirst ? transpose(x, 0, 1) : x);

/**
 * Sequences of different lengths one beside the other, those that are shorter with padding behind their ends.
 *
 * @param sequences  [length, ...] each, alike but for the length
 * @returns          [steps, batch, ...], or [batch, steps, ...] with batchFirst
 * @throws ShapeError "padSequence: sequences must differ in their first axis alone; got [3, 2] and [4, 5]"
 */
export function padSequence<D extends DType>(
  sequences: readonly Tensor<any, D>[],
  { batchFirst = false, paddingValue = 0 }: PadOptions = {},
): Tensor<any, D> {
  return swapped(padded('padSequence', sequences, paddingValue), batchFirst);
}

function padded(op: string, sequences: readonly Tensor[], paddingValue: number): Tensor {
  checkArray(op, 'sequences', sequences);
  if (sequences.length === 0) throw new ValueError(`${op}: there must be at least one sequence; got none`);
  for (const sequence of sequences) checkRank(op, 'a sequence', sequence, ['length', '...']);
  const [{ shape: first, dtype }] = sequences;
  const steps = Math.max(...sequences.map(({ shape }) => shape[0]));
  const all = sequences.map((sequence) => {
    const [length, ...rest] = sequence.shape;
    if (!sameShape(rest, first.slice(1))) {
      throw new ShapeError(
        `${op}: sequences must differ in their first axis alone; got ${show(first)} and ${show(sequence.shape)}`,
      );
    }
    return length === steps ? sequence : concat([sequence, fill([steps - length, ...rest], paddingValue, dtype)]);
  });
  return stack(all, 1);
}

/**
 * Packs sequences of different lengths.
 *
 * @param sequences  [length, ...] each, the longest first unless enforceSorted is false
 */
export function packSequence<D extends DType>(
  sequences: readonly Tensor<any, D>[],
  { enforceSorted = true }: PackOptions = {},
): PackedSequence<D> {
  const all = padded('packSequence', sequences, 0);
  return packed(
    'packSequence',
    all,
    sequences.map(({ shape }) => shape[0]),
    enforceSorted,
  );
}

/**
 * Packs a padded batch. A captured step that packs is for these lengths: pass it what is packed, or give layers `lengths`.
 *
 * @param x        [steps, batch, ...], or [batch, steps, ...] with batchFirst
 * @param lengths  of each sequence; whole, 1 … steps, not increasing unless enforceSorted is false
 * @throws ValueError "packPaddedSequence: lengths must be whole numbers within 1 … 5; got 0 at 2; leave out what is empty"
 */
export function packPaddedSequence<D extends DType>(
  x: Tensor<any, D>,
  lengths: ArrayLike<number>,
  { batchFirst = false, enforceSorted = true }: PackOptions & Pick<PadOptions, 'batchFirst'> = {},
): PackedSequence<D> {
  checkRank('packPaddedSequence', 'x', x, batchFirst ? ['batch', 'steps', '...'] : ['steps', 'batch', '...']);
  return packed('packPaddedSequence', swapped(x, batchFirst), Array.from(lengths), enforceSorted);
}

function packed(op: string, x: Tensor, lengths: readonly number[], enforceSorted: boolean): PackedSequence {
  const [steps, batch] = x.shape;
  if (batch === 0 || lengths.length !== batch) {
    throw new ShapeError(
      `${op}: there must be one length for each sequence, and at least one of them; got ${lengths.length} for x ${show(x.shape)}`,
    );
  }
  lengths.forEach((length, i) => {
    if (!Number.isInteger(length) || length < 1 || length > steps) {
      throw new ValueError(
        `${op}: lengths must be whole numbers within 1 … ${steps}; got ${length} at ${i}; leave out what is empty`,
      );
    }
    if (enforceSorted && i > 0 && length > lengths[i - 1]) {
      throw new ValueError(
        `${op}: lengths must not increase; got ${length} after ${lengths[i - 1]} at ${i}; sort the sequences, or give { enforceSorted: false }`,
      );
    }
  });
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b] - lengths[a]);
  const places = new Array<number>(batch);
  order.forEach((sequence, i) => {
    places[sequence] = i;
  });
  const sizes: number[] = [];
  const rows: number[] = [];
  for (let t = 0, size = batch; t < lengths[order[0]]; t++) {
    while (lengths[order[size - 1]] <= t) size--;
    sizes.push(size);
    for (let i = 0; i < size; i++) rows.push(t * batch + order[i]);
  }
  const data = indexSelect(reshape(x, [steps * batch, ...x.shape.slice(2)]), 0, whole(rows));
  return { data, batchSizes: whole(sizes), sortedIndices: whole(order), unsortedIndices: whole(places) };
}

type Layout = Omit<PackedSequence, 'data'>;

/** The rows at which each step's sequences begin. */
const offsets = ({ batchSizes }: Layout): Tensor => sub(cumsum(batchSizes, 0), batchSizes);

/** The packed data, [total, ...], of a padded batch [steps, batch, ...] in the order before packing. */
export function withoutPadding(x: Tensor, layout: Layout, total: number): Tensor {
  const [steps, batch, ...rest] = x.shape;
  const row: Tensor = arange(total, { dtype: 'int32' });
  const begins = offsets(layout);
  const step: Tensor = sub(searchSorted(begins, row, { right: true }), 1);
  const sequence: Tensor = indexSelect(layout.sortedIndices, 0, sub(row, indexSelect(begins, 0, step)));
  return indexSelect(reshape(x, [steps * batch, ...rest]), 0, add(mul(step, batch), sequence));
}

/**
 * Undoes packing.
 *
 * @returns  the sequences with padding behind their ends, [steps, batch, ...], in the order before packing, and their lengths
 */
export function padPackedSequence<D extends DType>(
  sequence: PackedSequence<D>,
  { batchFirst = false, paddingValue = 0 }: PadOptions = {},
): [padded: Tensor<any, D>, lengths: Tensor<[number], 'int32'>] {
  checkObject('padPackedSequence', 'the sequence', sequence, [
    'data',
    'batchSizes',
    'sortedIndices',
    'unsortedIndices',
  ]);
  const { data, ...layout } = sequence;
  const { batchSizes, unsortedIndices } = layout;
  const shape = [batchSizes.size, unsortedIndices.size, ...data.shape.slice(1)];
  const within: Tensor = lt(unsortedIndices, unsqueeze(batchSizes, 1));
  const rows: Tensor = where(within, add(unsqueeze(offsets(layout), 1), unsortedIndices), 0);
  const found: Tensor = reshape(indexSelect(data as Tensor, 0, reshape(rows, [-1])), shape);
  const axes = shape.map((size, axis) => (axis < 2 ? size : 1));
  const x = where(reshape(within, axes), found, paddingValue);
  return [swapped(x, batchFirst), sum(within, 0)];
}

/** Whether a layer is given a packed sequence. */
export const isPacked = (x: Tensor | PackedSequence): x is PackedSequence => 'batchSizes' in x;
