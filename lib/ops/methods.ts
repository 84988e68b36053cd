import type { Complexified, DType, Floating, PartDType, Promoted } from '../core/dtype.js';
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
import type { GeluOptions } from './activation/gelu.js';
import { gelu, leakyRelu, logSoftmax, relu, sigmoid, softmax, softplus } from './activation/index.js';
import * as complex from './complex/index.js';
import type { ClampOptions } from './elementwise/clamp.js';
import * as elementwise from './elementwise/index.js';
import type { CloseOptions } from './elementwise/is_close.js';
import * as indexing from './indexing/index.js';
import type { Eigendecomposition } from './linalg/eigh.js';
import * as linalg from './linalg/index.js';
import type { Extrema } from './reduction/aminmax.js';
import type { RunningExtremum } from './reduction/cummax.js';
import type { DiffOptions } from './reduction/diff.js';
import * as reduction from './reduction/index.js';
import type { NormOptions } from './reduction/norm.js';
import type { Axes, BoolOut, FloatOut, IndexOut, ReduceOptions, SameOut, SumOut } from './reduction/reduction.js';
import type { VarianceOptions } from './reduction/variance.js';
import type { Flattened } from './shape/flatten.js';
import * as shape from './shape/index.js';
import type { Padded, Padding, PadMode } from './shape/pad.js';
import type { Reshaped } from './shape/reshape.js';
import type { Range } from './shape/slice.js';
import * as sorting from './sorting/index.js';
import type { QuantileOptions } from './sorting/quantile.js';
import type { SearchOptions } from './sorting/search_sorted.js';
import type { Picked, SortOptions } from './sorting/sort.js';
import type { TopKOptions } from './sorting/top_k.js';
import type { Unique } from './sorting/unique.js';

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
 * The ops as methods of Tensor: `x.add(y)` is `add(x, y)`; each is documented at the function. An op of the families below
 * whose signature is missing is a type error. Method signatures throughout, because a function type would make
 * `Tensor<[2, 3]>` unassignable to `Tensor<[number, 3]>`.
 */
export interface Methods<S extends Shape, D extends DType> {
  add<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Promoted<D, E>>;
  sub<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Promoted<D, E>>;
  mul<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Promoted<D, E>>;
  div<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Floating<Promoted<D, E>>>;
  pow<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Promoted<D, E>>;
  atan2<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Floating<Promoted<D, E>>>;
  xlogy<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Floating<Promoted<D, E>>>;
  maximum<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Promoted<D, E>>;
  minimum<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, Promoted<D, E>>;

  eq<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, 'bool'>;
  ne<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, 'bool'>;
  lt<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, 'bool'>;
  le<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, 'bool'>;
  gt<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, 'bool'>;
  ge<B extends Shape = [], E extends DType = D>(b: Operand<S, B, E>): Joined<S, B, 'bool'>;

  neg(): Tensor<S, D>;
  abs(): Tensor<S, PartDType<D>>;
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
  erfinv(): Tensor<S, Floating<D>>;
  lgamma(): Tensor<S, Floating<D>>;
  digamma(): Tensor<S, Floating<D>>;
  sigmoid(): Tensor<S, Floating<D>>;
  softplus(): Tensor<S, Floating<D>>;
  leakyRelu(slope?: number): Tensor<S, Floating<D>>;
  gelu(options?: GeluOptions): Tensor<S, Floating<D>>;
  softmax(axis?: number): Tensor<S, Floating<D>>;
  logSoftmax(axis?: number): Tensor<S, Floating<D>>;

  real(): Tensor<S, PartDType<D>>;
  imag(): Tensor<S, PartDType<D>>;
  conj(): Tensor<S, D>;
  angle(): Tensor<S, Floating<PartDType<D>>>;
  viewAsReal(): Tensor<any, PartDType<D>>;
  viewAsComplex(): Tensor<any, Complexified<D>>;

  clamp(bounds: ClampOptions): Tensor<S, D>;
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
  nansum: Reducer<S, D, SumOut>['reduce'];
  nanmean: Reducer<S, D, FloatOut>['reduce'];
  countNonzero: Reducer<S, D, IndexOut>['reduce'];
  aminmax<const A extends Axes | undefined = undefined, const K extends boolean = false>(
    axis?: A & Checked<Reduce<S, A, K>>,
    options?: ReduceOptions<K>,
  ): Extrema<Result<Reduce<S, A, K>>, D>;
  cumsum(axis: number): Tensor<S, SumOut[D]>;
  cumprod(axis: number): Tensor<S, SumOut[D]>;
  cummax(axis: number): RunningExtremum<S, D>;
  cummin(axis: number): RunningExtremum<S, D>;
  logcumsumexp(axis: number): Tensor<S, Floating<D>>;
  diff<const A extends number = -1>(
    axis?: A & Checked<Resize<S, A, number>>,
    options?: DiffOptions,
  ): Tensor<Result<Resize<S, A, number>>, D>;

  sort(axis?: number, options?: SortOptions): Picked<S, D>;
  argsort(axis?: number, options?: SortOptions): Tensor<S, 'int32'>;
  topK(k: number, axis?: number, options?: TopKOptions): Picked<any, D>;
  kthValue(k: number, axis?: number, options?: ReduceOptions): Picked<any, D>;
  median(): Tensor<[], D>;
  median(axis: number, options?: ReduceOptions): Picked<any, D>;
  nanmedian(): Tensor<[], D>;
  nanmedian(axis: number, options?: ReduceOptions): Picked<any, D>;
  quantile(q: number | readonly number[], axis?: number, options?: QuantileOptions): Tensor<any, Floating<D>>;
  mode(axis?: number, options?: ReduceOptions): Picked<any, D>;
  unique(): Unique<D>;
  bucketize(boundaries: Tensor, options?: SearchOptions): Tensor<S, 'int32'>;

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
    size: number | readonly number[],
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
  pad(padding: readonly Padding[], fill?: number | PadMode): Tensor<Padded<S>, D>;
  flip(axes?: number | readonly number[]): Tensor<S, D>;
  roll(shifts: number | readonly number[], axes?: number | readonly number[]): Tensor<S, D>;
  tile(repeats: readonly number[]): Tensor<any, D>;
  repeatInterleave(repeats: number, axis?: number): Tensor<any, D>;
  tril(diagonal?: number): Tensor<S, D>;
  triu(diagonal?: number): Tensor<S, D>;
}

type Op = (x: never, ...rest: never[]) => unknown;

/**
 * The families whose functions are methods, and the most used activations. Functions that make tensors or that networks are
 * made of are functions alone.
 */
const functions = {
  ...{ gelu, leakyRelu, logSoftmax, relu, sigmoid, softmax, softplus },
  ...complex,
  ...elementwise,
  ...indexing,
  ...linalg,
  ...reduction,
  ...shape,
  ...sorting,
} satisfies Record<keyof Methods<any, any>, Op>;

/** Functions of these families that are no methods, and what they begin with. */
const exceptions: Record<Exclude<keyof typeof functions, keyof Methods<any, any>>, string> = {
  concat: 'several tensors',
  stack: 'several tensors',
  where: 'a condition',
  embedding: 'positions in a table of weights',
  embeddingBag: 'positions in a table of weights',
  linear: 'the input of a layer',
  polygamma: 'an order',
  searchSorted: 'the line that is searched',
  bilinear: 'the input of a layer',
  complex: 'the real part',
  polar: 'the absolute value',
};

for (const [name, op] of Object.entries<Op>(functions)) {
  if (name in exceptions) continue;
  // Named, so that stack traces and errors say Tensor.matmul.
  const { [name]: value } = {
    [name](this: Tensor, ...rest: unknown[]): unknown {
      return op(this as never, ...(rest as never[]));
    },
  };
  Object.defineProperty(Tensor.prototype, name, { value });
}
