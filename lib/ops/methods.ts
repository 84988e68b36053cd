import type { DType } from '../core/dtype.js';
import type {
  Broadcast,
  Checked,
  Init,
  Insert,
  Literal,
  MatMul,
  Permute,
  Reduce,
  Resize,
  Result,
  Shape,
  Square,
  Squeeze,
  Transposed,
} from '../core/types.js';
import { Tensor } from '../tensor/tensor.js';
import { logSoftmax } from './activation/log_softmax.js';
import { relu } from './activation/relu.js';
import { sigmoid } from './activation/sigmoid.js';
import { softmax } from './activation/softmax.js';
import { softplus } from './activation/softplus.js';
import { abs } from './elementwise/abs.js';
import { acos } from './elementwise/acos.js';
import { acosh } from './elementwise/acosh.js';
import { add } from './elementwise/add.js';
import { asin } from './elementwise/asin.js';
import { asinh } from './elementwise/asinh.js';
import { atan } from './elementwise/atan.js';
import { atan2 } from './elementwise/atan2.js';
import { atanh } from './elementwise/atanh.js';
import { ceil } from './elementwise/ceil.js';
import { clamp } from './elementwise/clamp.js';
import { cos } from './elementwise/cos.js';
import { cosh } from './elementwise/cosh.js';
import { div } from './elementwise/div.js';
import type { Floating, Promoted } from './elementwise/elementwise.js';
import { eq } from './elementwise/eq.js';
import { erf } from './elementwise/erf.js';
import { exp } from './elementwise/exp.js';
import { expm1 } from './elementwise/expm1.js';
import { floor } from './elementwise/floor.js';
import { ge } from './elementwise/ge.js';
import { gt } from './elementwise/gt.js';
import { allClose, type CloseOptions, isClose } from './elementwise/is_close.js';
import { isFinite } from './elementwise/is_finite.js';
import { isNaN } from './elementwise/is_nan.js';
import { le } from './elementwise/le.js';
import { log } from './elementwise/log.js';
import { log1p } from './elementwise/log1p.js';
import { log2 } from './elementwise/log2.js';
import { logicalAnd, logicalNot, logicalOr, logicalXor } from './elementwise/logical.js';
import { lt } from './elementwise/lt.js';
import { maximum } from './elementwise/maximum.js';
import { minimum } from './elementwise/minimum.js';
import { mul } from './elementwise/mul.js';
import { ne } from './elementwise/ne.js';
import { neg } from './elementwise/neg.js';
import { pow } from './elementwise/pow.js';
import { reciprocal } from './elementwise/reciprocal.js';
import { round } from './elementwise/round.js';
import { rsqrt } from './elementwise/rsqrt.js';
import { sign } from './elementwise/sign.js';
import { sin } from './elementwise/sin.js';
import { sinh } from './elementwise/sinh.js';
import { sqrt } from './elementwise/sqrt.js';
import { square } from './elementwise/square.js';
import { sub } from './elementwise/sub.js';
import { tan } from './elementwise/tan.js';
import { tanh } from './elementwise/tanh.js';
import { trunc } from './elementwise/trunc.js';
import { gather, scatterAdd } from './indexing/gather.js';
import { indexAdd, indexSelect } from './indexing/index_select.js';
import { maskedFill } from './indexing/masked_fill.js';
import { type Eigendecomposition, eigh, eigvalsh } from './linalg/eigh.js';
import { matmul } from './linalg/matmul.js';
import { all } from './reduction/all.js';
import { any } from './reduction/any.js';
import { argmax } from './reduction/argmax.js';
import { argmin } from './reduction/argmin.js';
import { cumsum } from './reduction/cumsum.js';
import { logSumExp } from './reduction/log_sum_exp.js';
import { max } from './reduction/max.js';
import { mean } from './reduction/mean.js';
import { min } from './reduction/min.js';
import { type NormOptions, norm } from './reduction/norm.js';
import { prod } from './reduction/prod.js';
import type { Axes, BoolOut, FloatOut, IndexOut, ReduceOptions, SameOut, SumOut } from './reduction/reduction.js';
import { std } from './reduction/std.js';
import { sum } from './reduction/sum.js';
import { type VarianceOptions, variance } from './reduction/variance.js';
import { clone, contiguous } from './shape/contiguous.js';
import { expand } from './shape/expand.js';
import { type Flattened, flatten } from './shape/flatten.js';
import { permute, transpose } from './shape/permute.js';
import { type Reshaped, reshape } from './shape/reshape.js';
import { type Range, slice } from './shape/slice.js';
import { split } from './shape/split.js';
import { squeeze } from './shape/squeeze.js';
import { to } from './shape/to.js';
import { tril, triu } from './shape/tril.js';
import { unsqueeze } from './shape/unsqueeze.js';

/** A tensor operand that broadcasts against shape S, or a number. */
type Operand<S extends Shape, B extends Shape, E extends DType> = number | (Tensor<B, E> & Checked<Broadcast<S, B>>);
type Joined<S extends Shape, B extends Shape, D extends DType> = Tensor<Result<Broadcast<S, B>>, D>;

/** A reduction as a method: its signature stands here once, and is taken out by name. */
interface Reducer<S extends Shape, D extends DType, Out extends Record<DType, DType>, Options = unknown> {
  reduce<const A extends Axes | undefined = undefined, const K extends boolean = false>(
    axis?: A & Checked<Reduce<S, A, K>>,
    options?: ReduceOptions<K> & Options,
  ): Tensor<Result<Reduce<S, A, K>>, Out[D]>;
}

/**
 * The ops as methods of Tensor: `x.add(y)` is `add(x, y)`; each is documented at the function. Method signatures
 * throughout, because a function type would make `Tensor<[2, 3]>` unassignable to `Tensor<[number, 3]>`.
 */
export interface Methods<S extends Shape, D extends DType> {
  add<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Promoted<D, E>>;
  sub<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Promoted<D, E>>;
  mul<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Promoted<D, E>>;
  div<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Floating<Promoted<D, E>>>;
  pow<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Promoted<D, E>>;
  atan2<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Floating<Promoted<D, E>>>;
  maximum<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Promoted<D, E>>;
  minimum<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Promoted<D, E>>;

  eq<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, 'bool'>;
  ne<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, 'bool'>;
  lt<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, 'bool'>;
  le<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, 'bool'>;
  gt<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, 'bool'>;
  ge<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, 'bool'>;

  neg(): Tensor<S, D>;
  abs(): Tensor<S, D>;
  sign(): Tensor<S, D>;
  square(): Tensor<S, D>;
  relu(): Tensor<S, D>;
  exp(): Tensor<S, Floating<D>>;
  expm1(): Tensor<S, Floating<D>>;
  log(): Tensor<S, Floating<D>>;
  log1p(): Tensor<S, Floating<D>>;
  log2(): Tensor<S, Floating<D>>;
  sqrt(): Tensor<S, Floating<D>>;
  rsqrt(): Tensor<S, Floating<D>>;
  reciprocal(): Tensor<S, Floating<D>>;
  floor(): Tensor<S, Floating<D>>;
  ceil(): Tensor<S, Floating<D>>;
  round(): Tensor<S, Floating<D>>;
  trunc(): Tensor<S, Floating<D>>;
  sin(): Tensor<S, Floating<D>>;
  cos(): Tensor<S, Floating<D>>;
  tan(): Tensor<S, Floating<D>>;
  asin(): Tensor<S, Floating<D>>;
  acos(): Tensor<S, Floating<D>>;
  atan(): Tensor<S, Floating<D>>;
  sinh(): Tensor<S, Floating<D>>;
  cosh(): Tensor<S, Floating<D>>;
  tanh(): Tensor<S, Floating<D>>;
  asinh(): Tensor<S, Floating<D>>;
  acosh(): Tensor<S, Floating<D>>;
  atanh(): Tensor<S, Floating<D>>;
  erf(): Tensor<S, Floating<D>>;
  sigmoid(): Tensor<S, Floating<D>>;
  softplus(): Tensor<S, Floating<D>>;
  softmax(axis?: number): Tensor<S, Floating<D>>;
  logSoftmax(axis?: number): Tensor<S, Floating<D>>;

  clamp(bounds: { min?: number; max?: number }): Tensor<S, D>;
  isNaN(): Tensor<S, 'bool'>;
  isFinite(): Tensor<S, 'bool'>;
  isClose<B extends Shape>(b: Tensor<B> & Checked<Broadcast<S, B>>, options?: CloseOptions): Joined<S, B, 'bool'>;
  allClose<B extends Shape>(b: Tensor<B> & Checked<Broadcast<S, B>>, options?: CloseOptions): boolean;
  logicalAnd<B extends Shape>(b: Tensor<B, 'bool'> & Checked<Broadcast<S, B>>): Joined<S, B, 'bool'>;
  logicalOr<B extends Shape>(b: Tensor<B, 'bool'> & Checked<Broadcast<S, B>>): Joined<S, B, 'bool'>;
  logicalXor<B extends Shape>(b: Tensor<B, 'bool'> & Checked<Broadcast<S, B>>): Joined<S, B, 'bool'>;
  logicalNot(): Tensor<S, 'bool'>;

  sum: Reducer<S, D, SumOut>['reduce'];
  mean: Reducer<S, D, FloatOut>['reduce'];
  max: Reducer<S, D, SameOut>['reduce'];
  min: Reducer<S, D, SameOut>['reduce'];
  prod: Reducer<S, D, SumOut>['reduce'];
  variance: Reducer<S, D, FloatOut, VarianceOptions>['reduce'];
  std: Reducer<S, D, FloatOut, VarianceOptions>['reduce'];
  norm: Reducer<S, D, FloatOut, NormOptions>['reduce'];
  logSumExp: Reducer<S, D, FloatOut>['reduce'];
  argmax: Reducer<S, D, IndexOut>['reduce'];
  argmin: Reducer<S, D, IndexOut>['reduce'];
  any: Reducer<S, D, BoolOut>['reduce'];
  all: Reducer<S, D, BoolOut>['reduce'];
  cumsum(axis: number): Tensor<S, SumOut[D]>;

  matmul<B extends Shape, E extends DType>(
    b: Tensor<B, E> & Checked<MatMul<S, B>>,
  ): Tensor<Result<MatMul<S, B>>, Promoted<D, E>>;

  to<E extends DType>(dtype: E): Tensor<S, E>;
  contiguous(): Tensor<S, D>;
  clone(): Tensor<S, D>;
  reshape<const T extends Shape>(shape: T): Tensor<Reshaped<T>, D>;
  expand<const T extends Shape>(shape: T): Tensor<Literal<T>, D>;
  slice(...ranges: readonly Range[]): Tensor<any, D>;
  permute<const O extends Shape>(order: O & Checked<Permute<S, O>>): Tensor<Result<Permute<S, O>>, D>;
  transpose(): Tensor<Result<Transposed<S>>, D>;
  transpose(first: number, second: number): Tensor<any, D>;
  squeeze<const A extends number | undefined = undefined>(
    axis?: A & Checked<Squeeze<S, A>>,
  ): Tensor<Result<Squeeze<S, A>>, D>;
  unsqueeze<const A extends number>(axis: A & Checked<Insert<S, A, 1>>): Tensor<Result<Insert<S, A, 1>>, D>;
  flatten<const Start extends number = 0, const End extends number = -1>(
    startAxis?: Start,
    endAxis?: End,
  ): Tensor<Flattened<S, Start, End>, D>;
  split<const A extends number = 0>(
    parts: number | readonly number[],
    axis?: A & Checked<Resize<S, A, number>>,
  ): Tensor<Result<Resize<S, A, number>>, D>[];

  gather<I extends Shape>(axis: number, index: Tensor<I, 'int32'>): Tensor<I, D>;
  scatterAdd(axis: number, index: Tensor<any, 'int32'>, source: Tensor<any, D>): Tensor<S, D>;
  indexSelect<const A extends number, I extends readonly [number]>(
    axis: A & Checked<Resize<S, A, I[0]>>,
    index: Tensor<I, 'int32'>,
  ): Tensor<Result<Resize<S, A, I[0]>>, D>;
  indexAdd(axis: number, index: Tensor<any, 'int32'>, source: Tensor<any, D>): Tensor<S, D>;
  maskedFill<M extends Shape>(mask: Tensor<M, 'bool'> & Checked<Broadcast<S, M>>, value: number): Tensor<S, D>;
  eigh(): Eigendecomposition<Result<Square<S>>, Floating<D>>;
  eigvalsh(): Tensor<Init<Result<Square<S>>>, Floating<D>>;
  tril(diagonal?: number): Tensor<S, D>;
  triu(diagonal?: number): Tensor<S, D>;
}

const methods: Record<keyof Methods<any, any>, (x: never, ...rest: never[]) => unknown> = {
  ...{ add, sub, mul, div, pow, atan2, maximum, minimum, eq, ne, lt, le, gt, ge },
  ...{ neg, abs, sign, square, relu, exp, expm1, log, log1p, log2, sqrt, rsqrt, reciprocal, floor, ceil, round, trunc },
  ...{ sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, erf, sigmoid, softplus },
  ...{ clamp, isNaN, isFinite, isClose, allClose, logicalAnd, logicalOr, logicalXor, logicalNot },
  ...{ softmax, logSoftmax },
  ...{ prod, variance, std, norm, logSumExp, argmax, argmin, any, all, cumsum },
  ...{
    squeeze,
    unsqueeze,
    flatten,
    split,
    gather,
    scatterAdd,
    indexSelect,
    indexAdd,
    maskedFill,
    tril,
    triu,
    eigh,
    eigvalsh,
  },
  ...{ sum, mean, max, min, matmul, to, contiguous, clone, reshape, expand, slice, permute, transpose },
};

for (const [name, op] of Object.entries(methods)) {
  // Named, so that stack traces and errors say Tensor.matmul.
  const { [name]: value } = {
    [name](this: Tensor, ...rest: unknown[]): unknown {
      return op(this as never, ...(rest as never[]));
    },
  };
  Object.defineProperty(Tensor.prototype, name, { value });
}
