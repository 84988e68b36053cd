import { ones, pad, tensor } from 'adjoint';
import { at, build } from '../../axes.js';
import { type Plain, spec } from '../../harness.js';

spec('pad', pad, {
  reference: ([x]: Plain[], padding: [number, number][], value = 0): Plain => {
    const first = x.shape.length - padding.length;
    const of = (axis: number): [number, number] => (axis < first ? [0, 0] : padding[axis - first]);
    return build(
      x.shape.map((d, i) => d + of(i)[0] + of(i)[1]),
      (index) => {
        const source = index.map((n, i) => n - of(i)[0]);
        return source.every((n, i) => n >= 0 && n < x.shape[i]) ? at(x, source) : value;
      },
    );
  },
  samples: [
    { operands: [{ shape: [] }], args: [[]] },
    { operands: [{ shape: [3] }], args: [[[1, 2]]] },
    { operands: [{ shape: [2, 3] }], args: [[[0, 1]], -1] },
    {
      operands: [{ shape: [2, 2, 3] }],
      args: [
        [
          [1, 1],
          [2, 0],
        ],
      ],
    },
    {
      operands: [{ shape: [0, 2] }],
      args: [
        [
          [1, 0],
          [0, 1],
        ],
        7,
      ],
    },
    { operands: [{ shape: [2], dtype: 'int32' }], args: [[[1, 1]], 5] },
    { operands: [{ shape: [2], dtype: 'bool' }], args: [[[1, 1]], 1] },
  ],
  errors: [
    {
      call: () => pad(ones([2]), [[-1, 0]]),
      says: 'pad: padding must be whole numbers ≥ 0, a pair for each of at most 1 axes; got [[-1, 0]]',
    },
    {
      call: () =>
        pad(tensor([1]), [
          [1, 1],
          [1, 1],
        ]),
      says: 'pad: padding must be whole numbers ≥ 0, a pair for each of at most 1 axes; got [[1, 1], [1, 1]]',
    },
  ],
});
