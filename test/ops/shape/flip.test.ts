import { flip, zeros } from 'adjoint';
import { at, build } from '../../axes.js';
import { type Plain, spec } from '../../harness.js';

const reference = ([x]: Plain[], axes?: number | number[]): Plain => {
  const turned = [axes ?? x.shape.map((_, axis) => axis)]
    .flat()
    .map((axis) => (axis + x.shape.length) % x.shape.length);
  return build(x.shape, (index) =>
    at(
      x,
      index.map((i, axis) => (turned.includes(axis) ? x.shape[axis] - 1 - i : i)),
    ),
  );
};

spec('flip', flip, {
  reference,
  samples: [
    { operands: [{ shape: [] }] },
    { operands: [{ shape: [5] }] },
    { operands: [{ shape: [2, 3, 4] }] },
    { operands: [{ shape: [2, 3, 4] }], args: [1] },
    { operands: [{ shape: [2, 3, 4] }], args: [[-1, 0]] },
    { operands: [{ shape: [2, 0] }], args: [1] },
    { operands: [{ shape: [4], dtype: 'bool' }] },
  ],
  errors: [
    {
      call: () => flip(zeros([2, 3]), [0, -2]),
      says: 'flip: each axis may be named once; got [0, -2] of a tensor with 2 axes',
    },
  ],
});
