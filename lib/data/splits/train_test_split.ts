import { checkArray } from '../../core/check.js';
import type { TypedArray } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { indexSelect } from '../../ops/indexing/index_select.js';
import { tensor } from '../../tensor/create.js';
import { noGrad } from '../../tensor/tape.js';
import { Tensor } from '../../tensor/tensor.js';
import { checkDataset, type Dataset, type Rows, type Subset, subset } from '../dataset.js';
import { randomSplits, type ShuffleSplitOptions, splitSizes } from './shuffle_split.js';

/** Examples in a row: a tensor, along its first axis; an array; a dataset. */
export type Examples = Tensor | TypedArray | readonly unknown[] | Dataset<any, any>;

/** What `takeRows` gives: copies of a tensor's or an array's rows, a view of a dataset. */
export type Taken<T> = T extends Tensor
  ? Rows<T>
  : T extends TypedArray
    ? T
    : T extends readonly (infer E)[]
      ? E[]
      : T extends Dataset<infer E, infer B>
        ? Subset<E, B>
        : never;

/**
 * Some of the examples, in the order given.
 *
 *     for (const { train, test } of kFold(150, 5)) fit(takeRows(x, train), takeRows(y, train)) …
 *
 * @param examples  a tensor [n, ...], an array, a typed array or a dataset
 * @param indices   from 0 to n − 1
 * @throws ValueError "takeRows: index must be a whole number from 0 to 9; got 10"
 */
export function takeRows<T extends Examples>(examples: T, indices: Int32Array): Taken<T>;
export function takeRows(examples: Examples, indices: Int32Array): unknown {
  const length = lengthOf('takeRows', examples);
  checkArray('takeRows', 'indices', indices);
  const wrong = indices.find((index) => index < 0 || index >= length);
  if (wrong !== undefined) {
    throw new ValueError(`takeRows: index must be a whole number from 0 to ${length - 1}; got ${wrong}`);
  }
  if (examples instanceof Tensor) return noGrad(() => indexSelect(examples, 0, tensor(indices)));
  if (Array.isArray(examples)) return Array.from(indices, (index) => examples[index]);
  if (ArrayBuffer.isView(examples)) {
    const Rows = examples.constructor as new (values: Iterable<number>) => TypedArray;
    return new Rows(Array.from(indices, (index) => (examples as TypedArray)[index]));
  }
  return subset(examples as Dataset<unknown, unknown>, indices);
}

function lengthOf(op: string, examples: Examples): number {
  if (!(examples instanceof Tensor)) {
    if (!ArrayBuffer.isView(examples) && !Array.isArray(examples)) checkDataset(op, examples as Dataset<unknown>);
    return examples.length;
  }
  if (examples.rank === 0) throw new ShapeError(`${op}: a tensor must have a first axis, of examples; got shape []`);
  return examples.shape[0];
}

export interface TrainTestSplitOptions extends ShuffleSplitOptions {
  /** Draw the examples at random; default true. False: the first are learnt from, the next tested on. */
  shuffle?: boolean;
}

/**
 * Splits arrays, tensors or datasets of the same examples into a part to learn from and a part to test on.
 *
 *     const { train: [x, y], test: [xTest, yTest] } =
 *       trainTestSplit([inputs, labels], { testSize: 0.25, stratify: labels, generator: new Generator(1) });
 *
 * @param examples          equally many in each
 * @param options.testSize  default 0.25, or what trainSize leaves
 * @throws ValueError "trainTestSplit: all must have as many examples; got 10, 9"
 * @throws ValueError "trainTestSplit: a class must have two examples, to be in both parts; class 7 has one"
 * @source scikit-learn's train_test_split
 */
export function trainTestSplit<const T extends readonly Examples[]>(
  examples: T,
  options: TrainTestSplitOptions = {},
): { train: { -readonly [K in keyof T]: Taken<T[K]> }; test: { -readonly [K in keyof T]: Taken<T[K]> } } {
  const { shuffle = true, ...rest } = options;
  checkArray('trainTestSplit', 'examples', examples);
  const lengths = examples.map((part) => lengthOf('trainTestSplit', part));
  const n = lengths[0];
  if (n === undefined) throw new ValueError('trainTestSplit: at least one array of examples is needed; got none');
  if (lengths.some((length) => length !== n)) {
    throw new ValueError(`trainTestSplit: all must have as many examples; got ${lengths.join(', ')}`);
  }
  const sizes = splitSizes('trainTestSplit', n, rest, 0.25);
  if (!shuffle && rest.stratify !== undefined) {
    throw new ValueError('trainTestSplit: stratify draws at random; got it with shuffle: false; leave one of them out');
  }
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const inOrder = {
    train: order.subarray(0, sizes.train),
    test: order.subarray(sizes.train, sizes.train + sizes.test),
  };
  const [split] = shuffle ? randomSplits('trainTestSplit', n, 1, sizes, rest) : [inOrder];
  const part = (indices: Int32Array) =>
    examples.map((all) => takeRows(all, indices)) as { -readonly [K in keyof T]: Taken<T[K]> };
  return { train: part(split.train), test: part(split.test) };
}
