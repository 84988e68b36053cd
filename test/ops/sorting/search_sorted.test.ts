import { bucketize, searchSorted, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, type Plain, spec } from '../../harness.js';

const sortedValues = [-1.5, -1, -1, 0, 0.25, 1];

/** How many elements of the line come before each number. */
const before = (line: Plain, x: Plain, { right = false } = {}): Plain => {
  const n = line.shape[line.shape.length - 1];
  const m = line.shape.length === 1 ? x.data.length : x.shape[x.shape.length - 1];
  return {
    shape: x.shape,
    data: x.data.map((value, i) => {
      const row = line.data.slice(Math.floor(i / m) * n, (Math.floor(i / m) + 1) * n);
      return row.filter((other) => (right ? other <= value : other < value)).length;
    }),
  };
};

const line = { shape: [6], values: sortedValues };
const options = [[], [{ right: true }]];
spec('searchSorted', searchSorted, {
  // What is searched must be in order.
  extremes: 'nowhere',
  reference: ([sorted, x], options) => before(sorted, x, options),
  samples: options.flatMap((args) => [
    { operands: [line, { shape: [4, 5] }], args },
    { operands: [line, { shape: [4], values: [-1, 0, 2, -2] }], args },
    { operands: [line, { shape: [] }], args },
    {
      operands: [{ shape: [2, 6], values: [...sortedValues, ...sortedValues.map((x) => 2 * x)] }, { shape: [2, 9] }],
      args,
    },
    { operands: [{ shape: [0] }, { shape: [3] }], args },
    { operands: [line, { shape: [0] }], args },
    {
      operands: [
        { shape: [4], values: [-3, 0, 0, 7], dtype: 'int32' as const },
        { shape: [30], dtype: 'int32' as const },
      ],
      args,
    },
  ]),
  differentiable: false,
  errors: [
    {
      call: () => searchSorted(zeros([2, 5]), zeros([3, 4]) as Tensor),
      says: "searchSorted: sorted must have one axis, or x's but for the last; got [2, 5] and [3, 4]",
    },
    {
      call: () => searchSorted(tensor(1), zeros([3])),
      says: "searchSorted: sorted must have one axis, or x's but for the last; got [] and [3]",
    },
  ],
});

spec('bucketize', bucketize, {
  // What is searched must be in order.
  extremes: 'nowhere',
  reference: ([x, boundaries], options) => before(boundaries, x, options),
  samples: options.map((args) => ({ operands: [{ shape: [4, 5] }, line], args })),
  differentiable: false,
  errors: [
    {
      call: () => bucketize(zeros([3]), zeros([2, 3])),
      says: 'bucketize: boundaries must have one axis; got [2, 3]',
    },
  ],
});

describe.each(engines)('searchSorted on $name', ({ use }) => {
  it('takes NaN for the greatest, and widens to a common dtype', () => {
    use();
    const sorted = tensor([0, 1, Number.NaN]);
    const x = tensor([Number.NaN, Infinity, 0.5]);
    expect(searchSorted(sorted, x).toArray()).toEqual([2, 2, 1]);
    expect(searchSorted(sorted, x, { right: true }).toArray()).toEqual([3, 2, 1]);
    expect(searchSorted(tensor(Int32Array.of(1, 2, 3)), tensor([1.5, 2.5])).toArray()).toEqual([1, 2]);
    expect(searchSorted(tensor([1, 2]).to('bfloat16'), tensor([1.5])).toArray()).toEqual([1]);
  });
});
