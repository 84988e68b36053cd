import { roll, zeros } from 'adjoint';
import { at, build } from '../../axes.js';
import { type Plain, spec } from '../../harness.js';

const modulo = (a: number, n: number): number => ((a % n) + n) % n;

const reference = ([x]: Plain[], shifts: number | number[], axes?: number | number[]): Plain => {
  if (axes === undefined) {
    return { shape: x.shape, data: x.data.map((_, i) => x.data[modulo(i - Number(shifts), x.data.length)]) };
  }
  const along = [axes].flat().map((axis) => modulo(axis, x.shape.length));
  const from = (index: readonly number[]): number[] => {
    const moved = [...index];
    [shifts].flat().forEach((shift, k) => {
      moved[along[k]] = modulo(moved[along[k]] - shift, x.shape[along[k]]);
    });
    return moved;
  };
  return build(x.shape, (index) => at(x, from(index)));
};

spec('roll', roll, {
  reference,
  samples: [
    { operands: [{ shape: [5] }], args: [2] },
    { operands: [{ shape: [2, 3] }], args: [-1] },
    { operands: [{ shape: [2, 3, 4] }], args: [1, 1] },
    {
      operands: [{ shape: [2, 3, 4] }],
      args: [
        [-7, 9],
        [-1, 0],
      ],
    },
    {
      operands: [{ shape: [3, 4] }],
      args: [
        [1, 1],
        [0, 0],
      ],
    },
    { operands: [{ shape: [3, 4] }], args: [8, 1] },
    { operands: [{ shape: [0, 4] }], args: [1, 0] },
    { operands: [{ shape: [4], dtype: 'int32' }], args: [1, 0] },
  ],
  errors: [
    {
      call: () => roll(zeros([2, 3]), [1, 2], 0),
      says: 'roll: shifts must be whole numbers, one an axis; got [1, 2] for axes [0]',
    },
    {
      call: () => roll(zeros([2, 3]), 0.5, 0),
      says: 'roll: shifts must be whole numbers, one an axis; got [0.5] for axes [0]',
    },
  ],
});
