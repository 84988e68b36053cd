import { repeatInterleave, tile, zeros } from 'adjoint';
import { at, build } from '../../axes.js';
import { type Plain, spec } from '../../harness.js';

spec('tile', tile, {
  reference: ([x]: Plain[], repeats: number[]): Plain => {
    const rank = Math.max(x.shape.length, repeats.length);
    const front = <T>(items: readonly T[], one: T): T[] => [...new Array<T>(rank - items.length).fill(one), ...items];
    const [sizes, times] = [front(x.shape, 1), front(repeats, 1)];
    return build(
      sizes.map((size, i) => size * times[i]),
      (index) => at(x, index.map((i, axis) => i % sizes[axis]).slice(rank - x.shape.length)),
    );
  },
  samples: [
    { operands: [{ shape: [] }], args: [[3]] },
    { operands: [{ shape: [2] }], args: [[2]] },
    { operands: [{ shape: [2, 3] }], args: [[2]] },
    { operands: [{ shape: [2, 3] }], args: [[2, 1, 3]] },
    { operands: [{ shape: [2, 3] }], args: [[0, 2]] },
    { operands: [{ shape: [2, 0] }], args: [[2, 2]] },
    { operands: [{ shape: [2], dtype: 'bool' }], args: [[2]] },
  ],
  errors: [{ call: () => tile(zeros([2]), [2, -1]), says: 'tile: repeats must be whole numbers ≥ 0; got [2, -1]' }],
});

spec('repeatInterleave', repeatInterleave, {
  reference: ([x]: Plain[], repeats: number, axis?: number): Plain => {
    if (axis === undefined) {
      const data = [...x.data].flatMap((value) => new Array<number>(repeats).fill(Number(value)));
      return { shape: [data.length], data };
    }
    const along = (axis + x.shape.length) % x.shape.length;
    return build(
      x.shape.map((size, i) => (i === along ? size * repeats : size)),
      (index) =>
        at(
          x,
          index.map((i, axis) => (axis === along ? Math.floor(i / repeats) : i)),
        ),
    );
  },
  samples: [
    { operands: [{ shape: [] }], args: [2] },
    { operands: [{ shape: [2, 3] }], args: [2] },
    { operands: [{ shape: [2, 3] }], args: [3, 0] },
    { operands: [{ shape: [2, 3] }], args: [2, -1] },
    { operands: [{ shape: [2, 3] }], args: [0, 1] },
    { operands: [{ shape: [0, 3] }], args: [2, 0] },
    { operands: [{ shape: [2], dtype: 'int32' }], args: [2, 0] },
  ],
  errors: [
    {
      call: () => repeatInterleave(zeros([2]), -1),
      says: 'repeatInterleave: repeats must be whole numbers ≥ 0; got [-1]',
    },
  ],
});
