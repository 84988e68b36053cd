import { checkRange } from '../../backend/index.js';
import { checkOneOf } from '../../core/check.js';
import { type DType, isFloat, widen } from '../../core/dtype.js';
import { DTypeError, ShapeError, ValueError } from '../../core/errors.js';
import { sameShape, show } from '../../core/shape.js';
import { fill, tensor } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, type Optional, type Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { arange } from '../creation/arange.js';
import { div } from '../elementwise/div.js';
import { eq } from '../elementwise/eq.js';
import { ge } from '../elementwise/ge.js';
import { gt } from '../elementwise/gt.js';
import { logicalAnd } from '../elementwise/logical.js';
import { maximum } from '../elementwise/maximum.js';
import { mul } from '../elementwise/mul.js';
import { ne } from '../elementwise/ne.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { argmax } from '../reduction/argmax.js';
import { diff } from '../reduction/diff.js';
import { mean } from '../reduction/mean.js';
import { sum } from '../reduction/sum.js';
import { concat } from '../shape/concat.js';
import { expand } from '../shape/expand.js';
import { slice } from '../shape/slice.js';
import { squeeze } from '../shape/squeeze.js';
import { to } from '../shape/to.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { searchSorted } from '../sorting/search_sorted.js';
import { checkPaddingIdx, embedding } from './embedding.js';
import { gather } from './gather.js';
import { indexAdd, indexSelect } from './index_select.js';
import { checkIndices } from './indexing.js';
import { sumWeighted } from './weighted_sum.js';
import { where } from './where.js';

export interface EmbeddingBagOptions {
  /** Of indices [n]: [bags] int32, where each bag begins; the first at 0, each no earlier than the one before it. */
  offsets?: Optional<Tensor<any, 'int32'>>;
  /** What becomes of a bag's rows; default 'mean'. */
  mode?: 'sum' | 'mean' | 'max';
  /** Factors of the rows, of the indices' shape; for 'sum'. */
  perSampleWeights?: Optional;
  /** A row that counts for nothing and gets no gradient; negative counts from the end; null for none, the default. */
  paddingIdx?: number | null;
}

/**
 * Rows of a table, added up in bags: y[b] = Σ weight[indices[b, i]], or their mean, or the largest element of each
 * column, whose gradient goes to the first of equal ones. A bag without rows gives 0.
 *
 * @param indices  [bags, n] int32, or [n] with `offsets`; within 0 … count − 1
 * @param weight   [count, dim]
 * @returns        [bags, dim]
 * @throws ShapeError "embeddingBag: indices must be [bags, n], or [n] with offsets; got [4]"
 * @throws ValueError "embeddingBag: offsets must begin with 0; got 1"
 * @throws ValueError "embeddingBag: offsets must not fall; got a step of -2 behind offsets[1]"
 * @throws ValueError "embeddingBag: perSampleWeights are for the mode 'sum'; got 'mean'"
 * @source PyTorch's torch.nn.functional.embedding_bag
 */
export function embeddingBag<D extends DType>(
  indices: Tensor<any, 'int32'>,
  weight: Tensor<any, D>,
  { offsets, mode = 'mean', perSampleWeights, paddingIdx = null }: EmbeddingBagOptions = {},
): Tensor<[number, number], D> {
  checkTensor('embeddingBag', indices);
  checkRank('embeddingBag', 'weight', weight, ['count', 'dim']);
  checkOneOf('embeddingBag', 'mode', mode, ['sum', 'mean', 'max']);
  if (indices.rank !== (offsets ? 1 : 2)) {
    const got = offsets ? `${show(indices.shape)} with offsets` : show(indices.shape);
    throw new ShapeError(`embeddingBag: indices must be [bags, n], or [n] with offsets; got ${got}`);
  }
  if (perSampleWeights) checkFactors(perSampleWeights, indices, mode);
  const n = indices.size;
  const flat: Tensor<[number], 'int32'> = indices.reshape([n]);
  if (!offsets && paddingIdx === null && n > 0) {
    if (mode !== 'max' && isFloat(weight.dtype)) {
      checkIndices('embedding', indices, weight.shape[0], () => `the rows of weight ${show(weight.shape)}`);
      const factors =
        perSampleWeights ?? fill(indices.shape, mode === 'sum' ? 1 : 1 / indices.shape[1], widen(weight.dtype));
      const y = inFloat([weight, factors], (weight: Tensor, factors: Tensor) => weighedRows(indices, weight, factors));
      return to(y, weight.dtype) as Tensor;
    }
    const bags = embedding(indices as Tensor<any, 'int32'>, weight as Tensor) as Tensor;
    return to(ofOneSize(bags, mode, perSampleWeights), weight.dtype) as Tensor;
  }
  const bagOf = offsets ? bagsBehind(offsets, n) : bagsOfRows(indices.shape);
  const bags: number = (offsets ?? indices).shape[0];
  const rows: Tensor = embedding(flat, weight as Tensor);
  const dim: number = rows.shape[1];
  const nothing: Tensor = fill([bags, dim], 0, weight.dtype);
  if (n === 0) return nothing as Tensor<[number, number], D>;
  const kept =
    paddingIdx === null
      ? fill([n, 1], 1, 'bool')
      : (ne(flat, checkPaddingIdx('embeddingBag', paddingIdx, weight.shape[0])).reshape([n, 1]) as Tensor<any, 'bool'>);
  const count: Tensor = indexAdd(fill([bags, 1], 0, 'int32') as Tensor, 0, bagOf, to(kept, 'int32') as Tensor);
  if (mode === 'max') {
    const largest: Tensor = gather(rows, 0, placesOfLargest(rows.detach(), kept, bagOf, bags));
    return where(gt(count, 0), largest, 0) as Tensor;
  }
  const weighted = perSampleWeights ? mul(rows, perSampleWeights.reshape([n, 1])) : rows;
  const sums = indexAdd(nothing, 0, bagOf, to(where(kept, weighted, 0), weight.dtype));
  return (mode === 'sum' ? sums : to(div(sums, maximum(count, 1)), weight.dtype)) as Tensor;
}

/** Sums of rows with a factor each, no row of which is written before: [bags, dim] of indices and factors [bags, n]. */
function weighedRows(indices: Tensor<any, 'int32'>, weight: Tensor, factors: Tensor): Tensor {
  const [bags, n] = indices.shape;
  const { shape } = weight;
  const dim: number = shape[1];
  const y = sumWeighted(weight, 0, indices, factors);
  return record('embeddingBag', y, [weight, factors], [indices, weight, factors], (dy, [indices, weight, factors]) => {
    const flat = (indices as Tensor).reshape([bags * n]) as Tensor<any, 'int32'>;
    const wide = unsqueeze(dy, 1) as Tensor;
    return [
      () => indexAdd(fill(shape, 0, dy.dtype), 0, flat, mul(wide, unsqueeze(factors, -1)).reshape([bags * n, dim])),
      () => sum(mul(wide, indexSelect(weight, 0, flat).reshape([bags, n, dim])), -1),
    ];
  });
}

/** Of bags [bags, n, dim] their sums, means or largest elements, [bags, dim]. */
function ofOneSize(bags: Tensor, mode: EmbeddingBagOptions['mode'], factors: Optional): Tensor {
  if (mode === 'max') {
    const first = argmax(bags.detach(), 1, { keepDims: true }) as Tensor<any, 'int32'>;
    return squeeze(gather(bags, 1, first), 1) as Tensor;
  }
  const weighted: Tensor = factors ? mul(bags, unsqueeze(factors, -1) as Tensor) : bags;
  return mode === 'sum' ? sum(weighted, 1) : mean(weighted, 1);
}

function checkFactors(factors: Tensor, indices: Tensor, mode: string): void {
  checkTensor('embeddingBag', factors);
  if (mode !== 'sum') {
    throw new ValueError(`embeddingBag: perSampleWeights are for the mode 'sum'; got '${mode}'`);
  }
  if (!sameShape(factors.shape, indices.shape)) {
    throw new ShapeError(
      `embeddingBag: perSampleWeights must have the indices' shape ${show(indices.shape)}; got ${show(factors.shape)}`,
    );
  }
}

/** The bag of each of n rows, [n] int32. */
function bagsBehind(offsets: Tensor<any, 'int32'>, n: number): Tensor<[number], 'int32'> {
  checkRank('embeddingBag', 'offsets', offsets, ['bags']);
  if (offsets.dtype !== 'int32') {
    throw new DTypeError(`embeddingBag: offsets must be int32; got ${offsets.dtype}; convert with to('int32')`);
  }
  if (n > 0 && offsets.size === 0) {
    throw new ShapeError(`embeddingBag: ${n} indices must be in bags; got offsets [0]`);
  }
  if (offsets.size > 0) {
    checkRange(
      slice(offsets, [0, 1]),
      { low: 0, high: 0 },
      (value) => new ValueError(`embeddingBag: offsets must begin with 0; got ${value}`),
    );
    checkRange(
      diff(offsets),
      { low: 0, high: 2 ** 31 - 1 },
      (step, at) => new ValueError(`embeddingBag: offsets must not fall; got a step of ${step} behind offsets[${at}]`),
    );
    checkRange(
      slice(offsets, [-1, null]),
      { low: 0, high: n },
      (value) => new ValueError(`embeddingBag: offsets must be within the ${n} indices; got ${value}`),
    );
  }
  return sub(searchSorted(offsets, arange(n, { dtype: 'int32' }), { right: true }), 1);
}

function bagsOfRows([bags, n]: readonly number[]): Tensor<[number], 'int32'> {
  return tensor(Int32Array.from({ length: bags * n }, (_, i) => Math.floor(i / n)));
}

/**
 * Which row has the largest element of a bag, for each column: [bags, dim] int32. After steps of 1, 2, 4, … rows each row
 * knows the largest of its bag up to itself.
 */
function placesOfLargest(
  rows: Tensor,
  kept: Tensor<any, 'bool'>,
  bagOf: Tensor<any, 'int32'>,
  bags: number,
): Tensor<any, 'int32'> {
  const [n, dim] = rows.shape;
  let best: Tensor = where(kept, rows, -Infinity);
  let place = expand(arange(n, { dtype: 'int32' }).reshape([n, 1]), [n, dim]) as Tensor<any, 'int32'>;
  for (let step = 1; step < n; step *= 2) {
    const [early, late]: [number, number | null][] = [
      [0, n - step],
      [step, null],
    ];
    const [before, now]: Tensor[] = [slice(best, early), slice(best, late)];
    const isOneBag = eq(slice(bagOf, early), slice(bagOf, late)).reshape([n - step, 1]);
    // Of equal ones the earlier.
    const taken = logicalAnd(isOneBag, ge(before, now)) as Tensor<any, 'bool'>;
    best = concat([slice(best, [0, step]), where(taken, before, now)]);
    const moved = where(taken, slice(place, early), slice(place, late));
    place = concat([slice(place, [0, step]), moved]) as Tensor<any, 'int32'>;
  }
  const ends = sub(searchSorted(bagOf, arange(bags, { dtype: 'int32' }), { right: true }), 1);
  // An empty first bag has no end; what is read in its place is left aside.
  return indexSelect(place, 0, maximum(ends, 0) as Tensor<any, 'int32'>) as Tensor<any, 'int32'>;
}
