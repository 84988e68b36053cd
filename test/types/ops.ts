/* What ops that change shapes and dtypes give; both sides, checked by `npm run types`. */
import {
  arange,
  argmax,
  autocast,
  concat,
  cumsum,
  eigh,
  eigvalsh,
  eye,
  flatten,
  gather,
  indexSelect,
  linspace,
  maskedFill,
  oneHot,
  ones,
  pad,
  randint,
  randn,
  softmax,
  split,
  squeeze,
  stack,
  type Tensor,
  unsqueeze,
  zeros,
} from 'adjoint';
import { type DTypeOf, type ShapeOf, same } from './same.js';

const x = ones([2, 3, 4]);
const column = ones([2, 1, 4]);
declare const n: number;
declare const batch: Tensor<[number, 3], 'float32'>;

// A type that is declared does not change what is made.
// @ts-expect-error float32 is no int32
const wrong: Tensor<[3], 'int32'> = zeros([3]);
// @ts-expect-error float32 is no float64
const drawn: Tensor<[3], 'float64'> = randn([3]);
const right: Tensor<[3], 'int32'> = zeros([3], { dtype: 'int32' });

// Sequences.
const counted = arange(5);
same<ShapeOf<typeof counted>, [5]>(true);
const stepped = arange(0, 1, 0.1);
same<ShapeOf<typeof stepped>, [number]>(true);
const indices = arange(3, { dtype: 'int32' });
same<DTypeOf<typeof indices>, 'int32'>(true);
const even = linspace(0, 1, 7);
same<ShapeOf<typeof even>, [7]>(true);
const identity = eye(3, 4);
same<ShapeOf<typeof identity>, [3, 4]>(true);
const dice = randint(1, 7, [10]);
same<DTypeOf<typeof dice>, 'int32'>(true);
// @ts-expect-error linspace has fractions
linspace(0, 1, 7, { dtype: 'int32' });

// Joining and cutting.
const joined = concat([x, ones([2, 5, 4])], 1);
same<ShapeOf<typeof joined>, [2, number, 4]>(true);
const stacked = stack([x, x, x], -1);
same<ShapeOf<typeof stacked>, [2, 3, 4, 3]>(true);
const [part] = split(x, 3, 1);
same<ShapeOf<typeof part>, [2, number, 4]>(true);
// @ts-expect-error axis out of range for shape [2, 3, 4]
concat([x, x], 3);
// @ts-expect-error axis 4 out of range for a new axis of shape [2, 3, 4]
stack([x, x], 4);
// @ts-expect-error axis out of range for shape [2, 3, 4]
split(x, 3, -4);

// Axes of size 1.
const narrow = squeeze(column);
same<ShapeOf<typeof narrow>, [2, 4]>(true);
const kept = squeeze(x, 1);
same<ShapeOf<typeof kept>, [2, 3, 4]>(true);
const wide = unsqueeze(x, -1);
same<ShapeOf<typeof wide>, [2, 3, 4, 1]>(true);
// @ts-expect-error axis out of range for shape [2, 3, 4]
squeeze(x, 3);
// @ts-expect-error axis 4 out of range for a new axis of shape [2, 3, 4]
x.unsqueeze(4);

// Sizes that types cannot compute are numbers.
const vector = flatten(x);
same<ShapeOf<typeof vector>, [number]>(true);
const rows = x.flatten(1);
same<ShapeOf<typeof rows>, [2, number]>(true);
const already = batch.flatten(1);
same<ShapeOf<typeof already>, [number, 3]>(true);
const bordered = pad(x, [[1, 1]]);
same<ShapeOf<typeof bordered>, [number, number, number]>(true);
// @ts-expect-error a pair for each axis, not numbers
pad(x, [1, 1]);

// Indices are int32, and index results are.
const best = argmax(x, -1);
same<ShapeOf<typeof best>, [2, 3]>(true);
same<DTypeOf<typeof best>, 'int32'>(true);
const picked = gather(ones([3, 5]), 1, zeros([3, 2], { dtype: 'int32' }));
same<ShapeOf<typeof picked>, [3, 2]>(true);
const chosen = indexSelect(x, 1, indices);
same<ShapeOf<typeof chosen>, [2, 3, 4]>(true);
const classes = oneHot(best, 10);
same<ShapeOf<typeof classes>, [2, 3, 10]>(true);
same<DTypeOf<typeof classes>, 'float32'>(true);
const flags = oneHot(best, 10, { dtype: 'bool' });
same<DTypeOf<typeof flags>, 'bool'>(true);
// @ts-expect-error indices are int32
gather(ones([3, 5]), 1, ones([3, 2]));
// @ts-expect-error indices are int32
oneHot(ones([3]), 10);
// @ts-expect-error axis out of range for shape [2, 3, 4]
indexSelect(x, 3, indices);
// @ts-expect-error axis out of range for shape [2, 3, 4]
argmax(x, 3);

// The dtype follows the op.
const sums = cumsum(zeros([2], { dtype: 'bool' }), 0);
same<DTypeOf<typeof sums>, 'int32'>(true);
const shares = softmax(right);
same<DTypeOf<typeof shares>, 'float32'>(true);
const masked = maskedFill(x, ones([4]).gt(0), 0);
same<ShapeOf<typeof masked>, [2, 3, 4]>(true);
// @ts-expect-error a mask is bool
maskedFill(x, ones([4]), 0);
// @ts-expect-error shapes [2, 3, 4] and [5] do not broadcast
maskedFill(x, ones([5]).gt(0), 0);

// A decomposition of square matrices drops or keeps the last axis.
const { values: spectrum, vectors: modes } = eigh(zeros([5, 3, 3], { dtype: 'int32' }));
same<ShapeOf<typeof spectrum>, [5, 3]>(true);
same<ShapeOf<typeof modes>, [5, 3, 3]>(true);
same<DTypeOf<typeof modes>, 'float32'>(true);
const alone = eigvalsh(ones([4, n]));
same<ShapeOf<typeof alone>, [4]>(true);
same<ShapeOf<ReturnType<typeof modes.eigvalsh>>, [5, 3]>(true);
// @ts-expect-error square matrices are needed, not [2, 3]
eigh(ones([2, 3]));
// @ts-expect-error square matrices are needed, not [3]
eigvalsh(ones([3]));

// What a product is taken in does not change its type, as it does not change its dtype.
const lowered = autocast('bfloat16', () => ones([2, 3]).matmul(ones([3, 5])));
same<ShapeOf<typeof lowered>, [2, 5]>(true);
same<DTypeOf<typeof lowered>, 'float32'>(true);
// @ts-expect-error products are not taken in float16
autocast('float16', () => 1);

// Unknown sizes and axes pass.
const some = batch.sum(n);
same<ShapeOf<typeof some>, any>(true);
const more = concat([batch, batch]);
same<ShapeOf<typeof more>, [number, 3]>(true);

export { drawn, wrong };
