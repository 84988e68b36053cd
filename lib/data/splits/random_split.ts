import { checkArray } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import type { Generator } from '../../core/random.js';
import { randperm } from '../../ops/random/randperm.js';
import type { Collated } from '../collate.js';
import { checkDataset, type Dataset, type Subset, subset } from '../dataset.js';

/**
 * Splits a dataset at random into parts of the given sizes, which have no example in common.
 *
 *     const [train, validation] = randomSplit(digits, [50000, 10000], { generator: new Generator(1) });
 *
 * @param sizes  whole, ≥ 0; together the dataset's length
 * @throws ValueError "randomSplit: sizes must add up to the dataset's length 10; got 3 + 8 = 11"
 */
export function randomSplit<Example, Batch = Collated<Example>>(
  dataset: Dataset<Example, Batch>,
  sizes: readonly number[],
  options: { generator?: Generator } = {},
): Subset<Example, Batch>[] {
  checkDataset('randomSplit', dataset);
  checkArray('randomSplit', 'sizes', sizes);
  const total = sizes.reduce((a, b) => a + b, 0);
  if (sizes.some((size) => !Number.isSafeInteger(size) || size < 0)) {
    throw new ValueError(`randomSplit: sizes must be whole numbers ≥ 0; got ${sizes.join(', ')}`);
  }
  if (total !== dataset.length) {
    throw new ValueError(
      `randomSplit: sizes must add up to the dataset's length ${dataset.length}; got ${sizes.join(' + ')} = ${total}`,
    );
  }
  const order = randperm(dataset.length, options).data();
  let end = 0;
  return sizes.map((size) => {
    const begin = end;
    end += size;
    return subset(dataset, order.subarray(begin, end));
  });
}
