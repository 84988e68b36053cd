import { ones, type PadMode, pad, tensor } from 'adjoint';
import { at, build } from '../../axes.js';
import { type Plain, spec } from '../../harness.js';

/** The element that stands at a place beyond the ends. */
const beyond: Record<PadMode, (at: number, size: number) => number> = {
  reflect: (at, size) => (at < 0 ? -at : at < size ? at : 2 * (size - 1) - at),
  replicate: (at, size) => (at < 0 ? 0 : at < size ? at : size - 1),
  circular: (at, size) => (at < 0 ? at + size : at < size ? at : at - size),
};

spec('pad', pad, {
  reference: ([x]: Plain[], padding: [number, number][], value: number | PadMode = 0): Plain => {
    const first = x.shape.length - padding.length;
    const of = (axis: number): [number, number] => (axis < first ? [0, 0] : padding[axis - first]);
    return build(
      x.shape.map((d, i) => d + of(i)[0] + of(i)[1]),
      (index) => {
        const source = index.map((n, i) => n - of(i)[0]);
        if (typeof value === 'string')
          return at(
            x,
            source.map((n, i) => beyond[value](n, x.shape[i])),
          );
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
    { operands: [{ shape: [2, 4] }], args: [[[3, 2]], 'reflect'] },
    {
      operands: [{ shape: [2, 3] }],
      args: [
        [
          [1, 0],
          [0, 2],
        ],
        'reflect',
      ],
    },
    {
      operands: [{ shape: [2, 3] }],
      args: [
        [
          [4, 1],
          [1, 5],
        ],
        'replicate',
      ],
    },
    {
      operands: [{ shape: [1, 2, 3] }],
      args: [
        [
          [2, 1],
          [3, 0],
        ],
        'circular',
      ],
    },
    { operands: [{ shape: [3], dtype: 'int32' }], args: [[[1, 1]], 'circular'] },
  ],
  errors: [
    {
      call: () => pad(ones([2, 3]), [[3, 0]], 'reflect'),
      says: "pad: 'reflect' takes at most 2 elements on each side of axis 1 of [2, 3]; got [3, 0]",
    },
    {
      call: () => pad(ones([2, 3]), [[0, 4]], 'circular'),
      says: "pad: 'circular' takes at most 3 elements on each side of axis 1 of [2, 3]; got [0, 4]",
    },
    {
      call: () => pad(ones([2, 3]), [[0, 4]], 'mirror' as never),
      says: "pad: fill must be a number, 'reflect', 'replicate' or 'circular'; got 'mirror'",
    },
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
