/* What the compiler must accept and must refuse; `npm run types` checks it, and so does test/types.test.ts. */
import { full, matmul, ones, permute, type Shape, sum, type Tensor, tensor, transpose, where, zeros } from 'adjoint';
import { type DTypeOf, type ShapeOf, same } from './same.js';

declare const batch: number;
declare const unknown: Tensor;
const a = zeros([32, 784]);
const w = zeros([784, 10]);
const b = zeros([10]);
const u = zeros([batch, 784]);

// Creation.
same<ShapeOf<typeof a>, [32, 784]>(true);
same<DTypeOf<typeof a>, 'float32'>(true);
const nested = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
same<ShapeOf<typeof nested>, [2, 3]>(true);
const flags = tensor([true, false]);
same<DTypeOf<typeof flags>, 'bool'>(true);
const typed = tensor(new Int32Array(6), { shape: [2, 3] });
same<ShapeOf<typeof typed>, [2, 3]>(true);
same<DTypeOf<typeof typed>, 'int32'>(true);
const integers = full([2], 1, { dtype: 'int32' });
same<DTypeOf<typeof integers>, 'int32'>(true);

// Products and broadcasting, as methods and functions.
const y: Tensor<[32, 10]> = a.matmul(w).add(b).relu();
const z = matmul(u, w).add(b);
same<ShapeOf<typeof z>, [number, 10]>(true);
const row = a.add(ones([784]));
same<ShapeOf<typeof row>, [32, 784]>(true);
const outer = ones([3, 1]).mul(ones([4]));
same<ShapeOf<typeof outer>, [3, 4]>(true);
const batched = matmul(ones([8, 1, 2, 3]), ones([5, 3, 4]));
same<ShapeOf<typeof batched>, [8, 5, 2, 4]>(true);
const vector = matmul(ones([2, 3]), ones([3]));
same<ShapeOf<typeof vector>, [2]>(true);

// @ts-expect-error matmul: inner dimensions 784 and 10 differ
a.matmul(zeros([10, 784]));
// @ts-expect-error matmul: inner dimensions 784 and 10 differ
matmul(a, zeros([10, 784]));
// @ts-expect-error shapes [32, 10] and [7] do not broadcast
y.add(zeros([7]));
// @ts-expect-error shapes [2] and [3] do not broadcast
ones([2]).maximum(ones([3]));

// dtypes.
const mixed = integers.add(zeros([2], { dtype: 'float64' }));
same<DTypeOf<typeof mixed>, 'float64'>(true);
const quotient = integers.div(2);
same<DTypeOf<typeof quotient>, 'float32'>(true);
const condition = a.gt(0);
same<DTypeOf<typeof condition>, 'bool'>(true);
const counted = condition.sum();
same<DTypeOf<typeof counted>, 'int32'>(true);
const values: Float32Array = a.data();
const bytes: Uint8Array = condition.data();
const scalar: number = a.sum().item();
const truth: boolean = flags.slice(0).to('bool').item();
const chosen = where(condition, a, 0);
same<ShapeOf<typeof chosen>, [32, 784]>(true);

// Reductions.
const total = sum(a);
same<ShapeOf<typeof total>, []>(true);
const columns = a.sum(0);
same<ShapeOf<typeof columns>, [784]>(true);
const rows = a.mean(-1, { keepDims: true });
same<ShapeOf<typeof rows>, [32, 1]>(true);
const both = ones([2, 3, 4]).max([0, -1]);
same<ShapeOf<typeof both>, [3]>(true);
// @ts-expect-error axis out of range for shape [32, 784]
a.sum(2);
// @ts-expect-error axis out of range for shape [32, 784]
a.mean(-3);

// Views.
const turned = permute(ones([2, 3, 4]), [2, 0, 1]);
same<ShapeOf<typeof turned>, [4, 2, 3]>(true);
const flipped = transpose(a);
same<ShapeOf<typeof flipped>, [784, 32]>(true);
const shaped = a.reshape([64, -1]);
same<ShapeOf<typeof shaped>, [64, number]>(true);
// @ts-expect-error permute: the order must name each of the 2 axes of [32, 784] once
a.permute([0]);

// Unknown shapes and dimensions pass, in both directions, without a cast.
const open: Tensor = a;
const closed: Tensor<[32, 784]> = unknown;
const through = unknown.matmul(w).add(unknown).sum(0);
const wider: Tensor<[number, 784]> = a;
const takesAny = (x: Tensor): Tensor => x.relu();
const any: Tensor<[4]> = takesAny(ones([2, 3]));
declare const shape: Shape;
const dynamic: Tensor<[1, 2]> = zeros(shape);

export { any, bytes, closed, dynamic, open, scalar, through, truth, values, wider };
