import { stack, type Tensor, zeros } from 'adjoint';
import { expectTypeOf, it } from 'vitest';
import { joined } from '../../axes.js';
import { type Plain, spec } from '../../harness.js';

// The last argument is the axis, those before it the tensors.
spec('stack', (...args) => stack(args.slice(0, -1), args.at(-1)), {
  reference: (operands: Plain[], axis: number): Plain => {
    const rank = operands[0].shape.length + 1;
    const along = axis < 0 ? axis + rank : axis;
    return joined(
      operands.map((x) => ({ shape: x.shape.toSpliced(along, 0, 1), data: x.data })),
      along,
    );
  },
  samples: [
    { operands: [{ shape: [] }, { shape: [] }], args: [0] },
    { operands: [{ shape: [2, 3] }, { shape: [2, 3] }], args: [0] },
    { operands: [{ shape: [2, 3] }, { shape: [2, 3] }, { shape: [2, 3] }], args: [-1] },
    { operands: [{ shape: [2, 0] }, { shape: [2, 0] }], args: [1] },
  ],
  errors: [
    { call: () => stack([zeros([2, 3]), zeros([3, 2])]), says: 'stack: shapes [2, 3] and [3, 2] must be equal' },
    { call: () => stack([]), says: 'stack: at least one tensor is needed; got none' },
  ],
});

it('stack computes shapes in types', () => {
  const x = zeros([2, 3]);
  expectTypeOf(stack([x, x], 1)).toEqualTypeOf<Tensor<[2, 2, 3], 'float32'>>();
});
