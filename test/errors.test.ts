import {
  type AdjointError,
  arange,
  backend,
  crossEntropy,
  DTypeError,
  embedding,
  gather,
  linear,
  matmul,
  max,
  maxPool2d,
  nn,
  noGrad,
  ones,
  ShapeError,
  StateError,
  sin,
  stack,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { run } from '../lib/backend/index.js';
import { Storage } from '../lib/core/storage.js';
import * as ops from '../lib/ops/index.js';
import { Tensor as TensorOf } from '../lib/tensor/tensor.js';
import { engines } from './harness.js';

/*
 * What people do wrong, on every engine: each gives an error of its class that says what was given and what to do, nothing
 * crashes, and the next call works. What a single op refuses is in its own spec.
 */

type Mistake = [name: string, make: () => unknown, error: new (message: string) => AdjointError, says: string];

/** A call that TypeScript would not let through. */
const untyped = (f: unknown, ...args: unknown[]): unknown => (f as (...args: unknown[]) => unknown)(...args);
const axes = (n: number): number[] => new Array<number>(n).fill(1);
const labels = (...values: number[]): Tensor<[number], 'int32'> => tensor(Int32Array.from(values));
const shapeOfAxes = `[${axes(13).join(', ')}]`;
const gone = (op: string, shape: string): string =>
  `${op}: the memory of a tensor of shape ${shape} is gone; its buffer was transferred; send a copy, data(), instead`;

/** A tensor whose buffer went to another thread. */
function detached(elements: number): Tensor {
  const x: Tensor = tensor(new Float32Array(elements));
  x.neg(); // by now native code knows where its memory was
  const { buffer } = x.storage.data;
  structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
  return x;
}

const shapes: Mistake[] = [
  ['a fraction', () => zeros([1.5]), ShapeError, 'zeros: a dimension must be a whole number ≥ 0; got 1.5 in [1.5]'],
  ['NaN', () => ones([2, NaN]), ShapeError, 'ones: a dimension must be a whole number ≥ 0; got NaN in [2, NaN]'],
  ['a negative', () => zeros([-1]), ShapeError, 'zeros: a dimension must be a whole number ≥ 0; got -1 in [-1]'],
  [
    'a number',
    () => untyped(zeros, 3),
    ShapeError,
    'zeros: a shape must be an array of dimensions; got 3; write e.g. [2, 3]',
  ],
  ['13 axes', () => zeros(axes(13)), ShapeError, `zeros: a tensor has at most 12 axes; got 13 in ${shapeOfAxes}`],
  [
    '13 by stack',
    () => stack([ones(axes(12))]),
    ShapeError,
    `reshape: a tensor has at most 12 axes; got 13 in ${shapeOfAxes}`,
  ],
  [
    'uncountable',
    () => ones([1]).expand([2 ** 50, 8]),
    ShapeError,
    'expand: a tensor has at most 2^53 − 1 elements; got shape [1125899906842624, 8]',
  ],
  [
    'uncountable but for a 0',
    () => zeros([2 ** 50, 2 ** 50, 0]),
    ShapeError,
    'zeros: a tensor has at most 2^53 − 1 elements; got shape [1125899906842624, 1125899906842624, 0]',
  ],
  [
    'a ragged array',
    () => tensor([[1, 2], [3]]),
    ShapeError,
    'tensor: the rows of axis 1 must all have 2 values; got one with 1 values',
  ],
  [
    'a wrong size',
    () => tensor(new Float32Array(3), { shape: [2] }),
    ShapeError,
    'tensor: shape [2] holds 2 elements; got 3 values',
  ],
];

const operands: Mistake[] = [
  [
    'shapes that do not fit',
    () => untyped(matmul, ones([4, 3]), ones([2, 5])),
    ShapeError,
    'matmul: inner dimensions 3 and 2 differ: [4, 3] · [2, 5]; did you mean to transpose one?',
  ],
  [
    'a wrong layer',
    () => untyped(linear, ones([8, 3]), ones([2, 4])),
    ShapeError,
    'linear: the last axis of x must have the 4 elements that weight [2, 4] takes; got [8, 3]',
  ],
  [
    'an axis out of range',
    () => ones([2]).sum(3 as number),
    ShapeError,
    'sum: axis 3 of a tensor with 1 axes; must be within -1 … 0',
  ],
  [
    'no axis at all',
    () => ones([2]).sum(NaN),
    ShapeError,
    'sum: axis NaN of a tensor with 1 axes; must be within -1 … 0',
  ],
  [
    'an unknown dtype',
    () => untyped(zeros, [1], { dtype: 'complex' }),
    DTypeError,
    'zeros: dtype must be one of bool, uint8, int32, bfloat16, float32, float64, complex64, complex128; got complex',
  ],
  [
    'a number that the dtype lacks',
    () => labels(1).add(1.5),
    ValueError,
    "add: a number takes the tensor's dtype, and 1.5 is no int32 (whole, -2147483648 to 2147483647); convert the tensor with to('float32')",
  ],
  [
    'the gradient of integers',
    () => labels(1).requireGrad(),
    DTypeError,
    "requireGrad: only floating-point tensors have gradients; got int32; convert with to('float32')",
  ],
  [
    'an array',
    () => untyped(matmul, ones([2]), [1, 2]),
    ValueError,
    'matmul: an operand must be a tensor; got an array; make one with tensor(…)',
  ],
  [
    'nothing',
    () => untyped(ones([2]).add.bind(ones([2])), undefined),
    ValueError,
    'add: an operand must be a tensor; got undefined; make one with tensor(…)',
  ],
  [
    'a number',
    () => untyped(sin, 3),
    ValueError,
    'sin: an operand must be a tensor; got a number; make one with tensor(…)',
  ],
  [
    'a window larger than the image',
    () => maxPool2d(ones([1, 1, 5, 5]), { kernelSize: 2 ** 40 }),
    ShapeError,
    'maxPool2d: the window [1099511627776, 1099511627776] is larger than the padded image [5, 5] of x [1, 1, 5, 5]; pad more or use a smaller kernel',
  ],
];

const indices: Mistake[] = [
  [
    'a label',
    () => crossEntropy(zeros([2, 3]), labels(0, 3)),
    ValueError,
    'crossEntropy: labels must be within 0 … 2, or -100 to be ignored; got 3 at [1]; check the number of classes',
  ],
  [
    'a negative label',
    () => crossEntropy(zeros([1, 3]), labels(-1)),
    ValueError,
    'crossEntropy: labels must be within 0 … 2, or -100 to be ignored; got -1 at [0]; check the number of classes',
  ],
  [
    'labels of another batch',
    () => crossEntropy(zeros([2, 3]), labels(0)),
    ShapeError,
    'crossEntropy: labels for logits [2, 3] must have shape [2]; got [1]',
  ],
  [
    'a row of an embedding',
    () => embedding(labels(3), zeros([3, 2])),
    ValueError,
    'embedding: index 3 at [0] must be within 0 … 2, the rows of weight [3, 2]',
  ],
  [
    'an index',
    () => gather(zeros([3]), 0, labels(-7)),
    ValueError,
    'gather: index -7 at [0] must be within 0 … 2, axis 0 of shape [3]',
  ],
];

const states: Mistake[] = [
  [
    'backward without a graph',
    () => ones([1]).backward(),
    StateError,
    'backward: this tensor depends on no tensor that requires a gradient; mark one with requireGrad()',
  ],
  [
    'an assignment to a repeated element',
    () =>
      ones([1])
        .expand([3])
        .assign(ones([3])),
    ShapeError,
    'assign: the target [3] repeats its elements; assign to the tensor that it was expanded from',
  ],
  [
    'an assignment of a number',
    () => untyped(ones([2]).assign.bind(ones([2])), 3),
    ValueError,
    'assign: an operand must be a tensor; got a number; make one with tensor(…)',
  ],
  [
    'the one of many elements',
    () => ones([2]).item(),
    ShapeError,
    'item: the tensor must have one element; got shape [2]; use data() or toArray()',
  ],
  [
    'the one of no elements',
    () => ones([0]).item(),
    ShapeError,
    'item: the tensor must have one element; got shape [0]; use data() or toArray()',
  ],
  [
    'the largest of no elements',
    () => max(ones([0, 3]), 0),
    ShapeError,
    'max: there is none of zero elements; got shape [0, 3], axes [0]; check that the input is not empty',
  ],
  [
    'the statistics of an empty batch',
    () => new nn.BatchNorm1d(3).forward(zeros([0, 3])),
    ValueError,
    'batchNorm: training needs more than 1 value per channel; got x [0, 3]; use a larger batch, or eval()',
  ],
  ['the sine of a transferred buffer', () => detached(4).sin(), StateError, gone('sin', '[4]')],
  ['the sum of a large transferred buffer', () => detached(1000).sum(), StateError, gone('sum', '[1000]')],
  ['the elements of a transferred buffer', () => detached(4).data(), StateError, gone('data', '[4]')],
  ['the one element of a transferred buffer', () => detached(1).item(), StateError, gone('item', '[1]')],
  ['an assignment to a transferred buffer', () => detached(4).assign(ones([4])), StateError, gone('copy', '[4]')],
];

describe.each(engines)('on $name', ({ use }) => {
  describe.each<[string, Mistake[]]>([
    ['shapes', shapes],
    ['operands', operands],
    ['indices out of range', indices],
    ['states', states],
  ])('%s', (_, mistakes) => {
    it.each(mistakes)('%s', (_, make, error, says) => {
      use();
      expect(make).toThrow(new error(says));
      expect(ones([2]).add(1).toArray()).toEqual([2, 2]);
    });
  });

  it('an overwritten tensor is named with the op that saved it and the write that came after', () => {
    use();
    const weight = ones([2, 2]).requireGrad();
    const x = ones([2, 2]).requireGrad();
    const y = x.matmul(weight).sum();
    noGrad(() => weight.assign(zeros([2, 2])));
    expect(() => y.backward()).toThrow(
      new StateError(
        'backward: matmul saved a tensor of shape [2, 2] that assign has overwritten since ' +
          '(version 0, now 1); run backward before it, or compute the result again',
      ),
    );
  });

  it('a graph that a failed backward left behind says what is wrong again', () => {
    use();
    const y = ones([1]).requireGrad().mul(2);
    y.backward();
    const again = (): void => y.backward();
    expect(again).toThrow('backward: the graph behind this mul was released by an earlier backward');
    expect(again).toThrow(StateError);
  });

  it('empty tensors have data, arrays and sums', () => {
    use();
    const x = zeros([2, 0, 3]);
    expect(x.data()).toEqual(new Float32Array(0));
    expect(x.toArray()).toEqual([[], []]);
    expect(x.transpose(0, 2).data()).toEqual(new Float32Array(0));
    expect(x.sum().item()).toBe(0);
    expect(crossEntropy(zeros([0, 3]), labels()).item()).toBeNaN();
  });

  it('a tensor is assigned from its own memory as if from a copy', () => {
    use();
    const x = arange(6);
    x.slice([1, 6]).assign(x.slice([0, 5]));
    expect(x.toArray()).toEqual([0, 0, 1, 2, 3, 4]);
    x.slice([0, 5]).assign(x.slice([1, 6]));
    expect(x.toArray()).toEqual([0, 1, 2, 3, 4, 4]);
  });
});

/** Functions that make tensors of numbers and shapes. */
const makers = [
  ...['arange', 'bernoulli', 'eye', 'linspace', 'rand', 'randint', 'randn', 'randperm'],
  ...['blackmanWindow', 'hammingWindow', 'hannWindow'],
];

/** An equation comes before operands, and a room of functions is none. */
const others = ['einsum', 'fft', 'linalg', 'polygamma'];

it.each(Object.entries(ops).filter(([name]) => ![...makers, ...others].includes(name)))(
  '%s refuses what is no tensor',
  (name, op) => {
    const says = (got: string): ValueError =>
      new ValueError(`${name}: an operand must be a tensor; got ${got}; make one with tensor(…)`);
    const listed = name === 'concat' || name === 'stack';
    expect(() => untyped(op, [1, 2], [3, 4], [5, 6])).toThrow(says(listed ? 'a number' : 'an array'));
    expect(() => untyped(op, listed ? [undefined] : undefined, 0, 1)).toThrow(says('undefined'));
  },
);

// Ops check what they hand over; the native engine looks again, because a mistake there would be read from foreign memory.
describe.runIf(backend().isas.includes('baseline'))('the door to native code', () => {
  const storage = new Storage(new Float32Array(4));
  const view = (shape: number[], strides: number[], offset = 0): Tensor =>
    new TensorOf(storage, 'float32', shape, strides, offset);

  it.each([
    ['too long', view([5], [1])],
    ['behind the end', view([1], [1], 4)],
    ['before the start', view([2], [-1])],
    ['a long stride', view([2, 2], [3, 2])],
    ['a stride beyond 64 bits', view([2 ** 40, 2 ** 40], [2 ** 30, 2 ** 30])],
    ['a product beyond 64 bits', view([2 ** 53 - 1], [2 ** 53 - 1])],
    ['a negative dimension', view([-1], [1])],
    ['an offset that is no number', view([1], [1], Number.POSITIVE_INFINITY)],
  ])('refuses a view that is %s', (_, x) => {
    engines.at(-1)?.use();
    expect(() => run('fill', [x], [1])).toThrow('run: a view reaches outside its storage');
  });

  it('refuses a view whose dtype is wider than its memory', () => {
    engines.at(-1)?.use();
    const wide = new TensorOf(storage, 'float64', [4]);
    expect(() => run('fill', [wide], [1])).toThrow('run: a view reaches outside its storage');
  });

  it('refuses more axes, views or numbers than a call holds, and what it does not have', () => {
    engines.at(-1)?.use();
    const x = view([4], [1]);
    expect(() => run('fill', [view(axes(13), axes(13))], [1])).toThrow('run: a view is malformed');
    expect(() => run('fill', new Array<Tensor>(25).fill(x), [1])).toThrow(
      'run: the record has too many views or numbers',
    );
    expect(() => run('fill', [x], new Array<number>(257).fill(1))).toThrow(
      'run: the record has too many views or numbers',
    );
    expect(() => run('no such kernel', [x])).toThrow('run: no such kernel');
  });
});
