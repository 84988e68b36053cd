import { checkRange, kernel, run, type View } from '../../backend/index.js';
import { type DType, int32Range, isDifferentiable } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { checkAxes, show, sizeOf } from '../../core/shape.js';
import type { Checked, Reduce, Result, Shape } from '../../core/types.js';
import { empty } from '../../tensor/create.js';
import { checkTensor, parts, type Tensor } from '../../tensor/tensor.js';
import { named } from '../elementwise/elementwise.js';
import { inFloat, widened } from '../precision.js';
import { reshape } from '../shape/reshape.js';
import { to } from '../shape/to.js';

/* The common parts of reductions: over one axis, several, or all of them (the default). */

/** One axis or several; negative ones count from the last. */
export type Axes = number | readonly number[];

export interface ReduceOptions<K extends boolean = boolean> {
  /** Leave the reduced axes in place with size 1, so that the result broadcasts against the operand; default false. */
  keepDims?: K;
}

/** A reduction of dtype D to dtype Out[D], which may take options of its own. */
export type Reduction<Out extends Record<DType, DType>, Options = unknown> = <
  S extends Shape,
  D extends DType,
  const A extends Axes | undefined = undefined,
  const K extends boolean = false,
>(
  x: Tensor<S, D>,
  axis?: A & Checked<Reduce<S, A, K>>,
  options?: ReduceOptions<K> & Options,
) => Tensor<Result<Reduce<S, A, K>>, Out[D]>;

/** Dtypes of results: fractions. */
export interface FloatOut {
  bool: 'float32';
  uint8: 'float32';
  int32: 'float32';
  bfloat16: 'bfloat16';
  float32: 'float32';
  float64: 'float64';
  complex64: 'complex64';
  complex128: 'complex128';
}
/** Dtypes of results: sums, where bool and uint8 count in int32. */
export interface SumOut extends Omit<FloatOut, 'bool' | 'uint8' | 'int32'> {
  bool: 'int32';
  uint8: 'int32';
  int32: 'int32';
}
/** Dtypes of results: the operand's own. */
export interface SameOut extends Omit<FloatOut, 'bool' | 'uint8' | 'int32'> {
  bool: 'bool';
  uint8: 'uint8';
  int32: 'int32';
}

/** Dtypes of results: positions. */
export type IndexOut = Record<DType, 'int32'>;
/** Dtypes of results: whether something holds. */
export type BoolOut = Record<DType, 'bool'>;

/** The operand's shape with the given axes reduced to 1. */
export const keptShape = (shape: Shape, axes: readonly number[]): number[] =>
  shape.map((d, i) => (axes.includes(i) ? 1 : d));

/** How the dtype of an operand becomes that of the result. */
type Rule = (op: string, x: Tensor, body: (x: Tensor) => Tensor) => Tensor;

/** bool and integers are computed in float64, exactly below 2⁵³, and the result must be an int32. */
const exact =
  (what: 'total' | 'product'): Rule =>
  (op, x, body) => {
    if (isDifferentiable(x.dtype)) return widened(x, body);
    const y = body(to(x, 'float64'));
    checkRange(
      y,
      int32Range,
      (value) => new ValueError(`${op}: the ${what} ${value} is no int32; convert with to('float64') first`),
    );
    return to(y, 'int32');
  };

const rules = {
  float: (_, x, body) => inFloat([x], body),
  same: (_, x, body) => widened(x, body),
  total: exact('total'),
  product: exact('product'),
  given: (_, x, body) => body(x),
} satisfies Record<string, Rule>;

export interface ReductionDefinition<Options> {
  /**
   * The dtype of the result. 'float': integers give float32; 'same': the operand's; 'total' and 'product': bool and integers
   * are computed exactly and give int32; bfloat16 is computed in float32 and rounded once by all of these. 'given': `reduce`
   * takes the operand as it is.
   */
  dtype: keyof typeof rules;
  /** Whether there is a result for no elements; default true. */
  ofNone?: boolean;
  /** Throws where the caller's own options are out of their ranges. */
  check?: (op: string, options: Options) => void;
  /** The result, with the axes or without them. */
  reduce: (x: Tensor, axes: readonly number[], options: ReduceOptions & Options) => Tensor;
}

/** The axes to reduce a tensor over; unless there is a result `ofNone`, along which there are elements. */
export function checkReduced(op: string, x: Tensor, axis: Axes | undefined, ofNone: boolean): number[] {
  checkTensor(op, x);
  const axes = checkAxes(op, axis, x.rank);
  if (!ofNone && reducedCount(x.shape, axes) === 0) {
    throw new ShapeError(
      `${op}: there is none of zero elements; got shape ${show(x.shape)}, axes ${show(axes)}; check that the input is not empty`,
    );
  }
  return axes;
}

/** A reduction: its checks, its dtypes and its axes, around what is computed. */
export const reduction = <Out extends Record<DType, DType>, Options = unknown>(
  op: string,
  { dtype, ofNone = true, check, reduce }: ReductionDefinition<Options>,
): Reduction<Out, Options> => {
  const f = (x: Tensor, axis?: Axes, options = {} as ReduceOptions & Options): Tensor => {
    const axes = checkReduced(op, x, axis, ofNone);
    check?.(op, options);
    const y = rules[dtype](op, x, (x) => reduce(x, axes, options));
    const shape = options.keepDims ? keptShape(x.shape, axes) : droppedShape(x.shape, axes);
    return y.rank === shape.length ? y : reshape(y, shape);
  };
  return named(op, f) as Reduction<Out, Options>;
};

/** One for each element that is added or compared. */
export const reductionFlops = ([, x]: readonly View[]): number => sizeOf(x.shape);
for (const name of ['sum', 'nansum', 'prod', 'max', 'min', 'argmax', 'argmin']) kernel(name, { flops: reductionFlops });

/** Runs a reducing kernel: the result keeps the reduced axes with size 1. */
export function reduceWith(
  kernel: string,
  x: Tensor,
  axes: readonly number[],
  dtype: DType = x.dtype,
  numbers: readonly number[] = [],
): Tensor {
  const y = empty(keptShape(x.shape, axes), dtype);
  run(kernel, [parts(y), parts(x)], numbers);
  return y;
}

/** The operand's shape without the given axes. */
export const droppedShape = (shape: Shape, axes: readonly number[]): number[] =>
  axes.length === shape.length ? [] : shape.filter((_, i) => !axes.includes(i));

/** How many elements each result is made of. */
export const reducedCount = (shape: Shape, axes: readonly number[]): number =>
  axes.reduce((count, axis) => count * shape[axis], 1);

/** Positions are int32: refuses more of them than it counts. */
export function checkPositions(op: string, count: number): void {
  if (count - 1 > int32Range.high) {
    throw new ShapeError(
      `${op}: positions are int32, so there must be at most ${int32Range.high + 1} of them; got ${count}; split the input`,
    );
  }
}
