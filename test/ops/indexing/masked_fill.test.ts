import { maskedFill, type Tensor, tensor, zeros } from 'adjoint';
import { broadcasting, spec } from '../../harness.js';

spec('maskedFill', maskedFill, {
  reference: ([x, mask], value: number) => broadcasting((a, m) => (m ? value : a))([x, mask]),
  samples: [
    { operands: [{ shape: [] }, { shape: [], dtype: 'bool' }], args: [1.5] },
    { operands: [{ shape: [3, 5] }, { shape: [3, 5], dtype: 'bool' }], args: [-Infinity] },
    { operands: [{ shape: [3, 5] }, { shape: [5], dtype: 'bool' }], args: [0] },
    { operands: [{ shape: [0, 5] }, { shape: [5], dtype: 'bool' }], args: [0] },
    {
      operands: [
        { shape: [4], dtype: 'int32' },
        { shape: [4], dtype: 'bool' },
      ],
      args: [7],
    },
  ].map((sample) => ({ ...sample, smooth: Number.isFinite(sample.args[0]) })) as never,
  errors: [
    {
      call: () => maskedFill(zeros([3]), zeros([2, 3], { dtype: 'bool' }) as Tensor, 1),
      says: 'maskedFill: the mask [2, 3] must broadcast to the shape [3] of x',
    },
    {
      call: () => maskedFill(zeros([3]), zeros([3]) as Tensor, 1),
      says: 'maskedFill: the mask must be bool; got float32; compare it, e.g. x.ne(0)',
    },
    {
      call: () => maskedFill(zeros([1], { dtype: 'int32' }), tensor([true]), 0.5),
      says: "maskedFill: a number takes the tensor's dtype, and 0.5 is no int32 (whole, -2147483648 to 2147483647); convert the tensor with to('float32')",
    },
  ],
});
