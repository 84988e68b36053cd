import { Generator, type Tensor, tensor, zeros } from 'adjoint';
import { collate, type Dataset, randomSplit, subset, TensorDataset } from 'adjoint/data';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { engines } from '../harness.js';
import { message } from '../message.js';

const images = tensor([
  [1, 2],
  [3, 4],
  [5, 6],
]);
const labels = tensor(new Int32Array([7, 8, 9]));

/** The numbers 0 … n − 1, without a batch of its own. */
const counting = (length: number): Dataset<number> => ({ length, get: (index) => index });

describe.each(engines)('TensorDataset on $name', ({ use }) => {
  it('gives examples as views and batches as copies', () => {
    use();
    const dataset = new TensorDataset(images, labels);
    const [image, label] = dataset.get(1);
    expect([image.toArray(), label.item()]).toEqual([[3, 4], 8]);
    expect(image.storage).toBe(images.storage);
    const [x, y] = dataset.batch(new Int32Array([2, 0]));
    expect([x.toArray(), y.toArray()]).toEqual([
      [
        [5, 6],
        [1, 2],
      ],
      [9, 7],
    ]);
    expect([x.dtype, y.dtype]).toEqual(['float32', 'int32']);
    expectTypeOf(image).toEqualTypeOf<Tensor<[2], 'float32'>>();
    expectTypeOf(x).toEqualTypeOf<Tensor<[number, 2], 'float32'>>();
    expectTypeOf(y).toEqualTypeOf<Tensor<[number], 'int32'>>();
  });

  it('takes views, and records no history', () => {
    use();
    const dataset = new TensorDataset(images.transpose().requireGrad(), zeros([2], { dtype: 'bool' }));
    const [x] = dataset.batch(new Int32Array([1]));
    expect(x.toArray()).toEqual([[2, 4, 6]]);
    expect(x.node).toBeNull();
    expect(dataset.get(1)[0].toArray()).toEqual([2, 4, 6]);
  });
});

describe('a dataset', () => {
  it('has subsets, and subsets of them', () => {
    const even = subset(counting(10), [0, 2, 4, 6, 8]);
    const two = subset(even, [4, 1]);
    expect([two.length, two.get(0), two.get(1)]).toEqual([2, 8, 2]);
    expect(two.batch(new Int32Array([1, 0])).toArray()).toEqual([2, 8]);
    expectTypeOf(two.get(0)).toEqualTypeOf<number>();
    expectTypeOf(subset(new TensorDataset(images), [0]).get(0)).toEqualTypeOf<[Tensor<[2], 'float32'>]>();
  });

  it('splits at random into parts that are together the whole', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }), fc.nat(), (sizes, seed) => {
        const length = sizes.reduce((a, b) => a + b, 0);
        const split = () => randomSplit(counting(length), sizes, { generator: new Generator(seed) });
        const values = split().map((part) => Array.from({ length: part.length }, (_, i) => part.get(i)));
        expect(values.map((part) => part.length)).toEqual(sizes);
        expect(values.flat().sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
        expect(split().map((part) => Array.from({ length: part.length }, (_, i) => part.get(i)))).toEqual(values);
      }),
      { numRuns: 50 },
    );
  });
});

describe('collate', () => {
  it('stacks tensors, typed arrays, numbers, booleans and tuples of them', () => {
    expect(collate([images, images]).shape).toEqual([2, 3, 2]);
    expect(collate([images.transpose(), images.transpose()]).toArray()[1]).toEqual(images.transpose().toArray());
    const [x, [y, z]] = collate([
      [new Int32Array([1, 2]), [3, true]],
      [new Int32Array([4, 5]), [6, false]],
    ] as [Int32Array, [number, boolean]][]);
    expect([x.toArray(), y.toArray(), z.toArray()]).toEqual([
      [
        [1, 2],
        [4, 5],
      ],
      [3, 6],
      [true, false],
    ]);
    expect([x.dtype, y.dtype, z.dtype]).toEqual(['int32', 'float32', 'bool']);
    expectTypeOf(x).toEqualTypeOf<Tensor<[number, number], 'int32'>>();
    expectTypeOf(y).toEqualTypeOf<Tensor<[number], 'float32'>>();
    expectTypeOf(z).toEqualTypeOf<Tensor<[number], 'bool'>>();
  });
});

it.each<[() => unknown, string]>([
  [() => new TensorDataset(), 'ValueError TensorDataset: at least one tensor is needed; got none'],
  [
    () => new TensorDataset(images, zeros([4])),
    'ShapeError TensorDataset: tensors must be equally long along the first axis; got shapes [3, 2], [4]',
  ],
  [
    () => new TensorDataset(tensor(1)),
    'ShapeError TensorDataset: tensors must have a first axis, of examples; got shapes []',
  ],
  [
    () => new TensorDataset(images).get(3),
    'ValueError TensorDataset.get: index must be a whole number from 0 to 2; got 3',
  ],
  [() => new TensorDataset(zeros([0])).get(0), 'ValueError TensorDataset.get: there are no examples; got 0'],
  [() => subset(counting(3), [0, -1]), 'ValueError subset: index must be a whole number from 0 to 2; got -1'],
  [() => subset(counting(3), [1]).get(1), 'ValueError subset.get: index must be a whole number from 0 to 0; got 1'],
  [
    () => randomSplit(counting(10), [3, 8]),
    "ValueError randomSplit: sizes must add up to the dataset's length 10; got 3 + 8 = 11",
  ],
  [() => randomSplit(counting(1), [2, -1]), 'ValueError randomSplit: sizes must be whole numbers ≥ 0; got 2, -1'],
  [
    () => collate([zeros([2]), zeros([3])]),
    'ShapeError collate: examples must have one shape; got [2] and [3]; pad them, or give the loader a collate function',
  ],
  [
    () => collate([labels, images.sub(0).slice(null, 0)]),
    'DTypeError collate: examples must have one dtype; got int32 and float32',
  ],
  [() => collate([1, true]), 'ValueError collate: examples must be of one kind; got number and boolean'],
  [
    () => collate([[1], [1, 2]]),
    'ShapeError collate: examples must have equally many fields; got 1 and 2; give vectors as typed arrays or tensors',
  ],
  [
    () => collate([{ x: 1 }]),
    'ValueError collate: examples must be tensors, typed arrays, numbers, booleans or arrays of these; got Object; give the loader a collate function',
  ],
])('states its error: %s', (call, says) => {
  expect(message(call)).toBe(says);
});
