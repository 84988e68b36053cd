import { kernel, run } from '../backend/index.js';
import {
  type ComplexDType,
  checkDType,
  type DType,
  isComplex,
  partDType,
  type RealDType,
  type TypedArray,
  type TypedArrays,
  toBfloat16,
} from '../core/dtype.js';
import { DTypeError, ShapeError, ValueError } from '../core/errors.js';
import { checkShape, show, sizeOf } from '../core/shape.js';
import { allocate, allocateKept, Storage } from '../core/storage.js';
import type { Literal, Ranked, Shape } from '../core/types.js';
import { parts, Tensor } from './tensor.js';

/*
 * The dtype of what these functions return is inferred from their arguments alone (NoInfer): a variable's declared type
 * would otherwise turn the default float32 into whatever it says.
 */

/** Options of the functions that make tensors. */
export interface CreateOptions<D extends DType = DType> {
  /** Element type; default 'float32' unless the values say otherwise. */
  dtype?: D;
  /** Mark the tensor as a leaf whose gradient is wanted; default false. */
  requiresGrad?: boolean;
}

/** A tensor for an op to write whole; its elements are uninitialised. */
export function empty<S extends Shape, D extends DType>(shape: S, dtype: D): Tensor<S, D> {
  const size = sizeOf(shape);
  const storage = isComplex(dtype)
    ? allocate(partDType<ComplexDType>(dtype), 2 * size, shape)
    : allocate(dtype as RealDType, size, shape);
  return new Tensor<S, D>(storage, dtype, shape);
}

/** An uninitialised tensor of x's shape and dtype. */
export const emptyLike = <S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> => empty(x.shape, x.dtype);

kernel('fill', { flops: 0 });

/** A tensor with every element equal; for ops. */
export function fill<S extends Shape, D extends DType>(shape: S, value: number, dtype: D): Tensor<S, D> {
  const y = empty(shape, dtype);
  const all = parts(y);
  run('fill', [all], [isComplex(dtype) ? 0 : value]);
  if (isComplex(dtype) && value !== 0) {
    const real = new Tensor(all.storage, all.dtype, shape, all.strides.slice(0, -1), all.offset);
    run('fill', [real], [value]);
  }
  return y;
}

/** A number as an operand of an op on tensors of `dtype`. */
export function scalar<D extends DType>(op: string, value: number, dtype: D): Tensor<[], D> {
  const y = new Tensor<[], D>(allocate(partDType<DType>(dtype) as RealDType, isComplex(dtype) ? 2 : 1), dtype, [], []);
  if (isComplex(dtype)) y.storage.data.set([value, 0]);
  else if (dtype === 'float32' || dtype === 'float64') y.storage.data[0] = value;
  else y.storage.data[0] = dtype === 'bfloat16' ? toBfloat16(value) : checkInteger(op, value, dtype);
  return y;
}

const ranges: Partial<Record<DType, readonly [number, number]>> = {
  bool: [0, 1],
  uint8: [0, 255],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};

/** The number, if the dtype has it; floating-point ones have every number. */
function checkInteger(op: string, value: number, dtype: DType): number {
  const range = ranges[dtype];
  if (range !== undefined && (!Number.isInteger(value) || value < range[0] || value > range[1])) {
    throw new ValueError(
      `${op}: a number takes the tensor's dtype, and ${value} is no ${dtype} (whole, ${range[0]} to ${range[1]}); convert the tensor with to('float32')`,
    );
  }
  return value;
}

/** Nested arrays of numbers or booleans, all rows of an axis equally long: checked when the tensor is made. */
export type NestedArray = number | boolean | readonly unknown[];

/** The shape of nested arrays; lengths are literal where TypeScript knows them. */
export type ShapeOf<T> = unknown extends T
  ? any
  : T extends readonly unknown[]
    ? T extends readonly []
      ? [0]
      : ShapeOf<T[number]> extends infer R extends Shape
        ? Ranked<R> extends true
          ? [T['length'], ...R]
          : any
        : never
    : [];
type InferredDType<T> = T extends readonly (infer E)[] ? InferredDType<E> : T extends boolean ? 'bool' : 'float32';
/** The dtype of a typed array's elements. */
export type ArrayDType<A> = A extends Float32Array
  ? 'float32'
  : A extends Float64Array
    ? 'float64'
    : A extends Int32Array
      ? 'int32'
      : A extends Uint8Array
        ? 'uint8'
        : DType;

/**
 * A tensor with the values given; they are copied.
 *
 *     tensor([[1, 2], [3, 4]])                              // [2, 2] float32
 *     tensor(new Int32Array([7, 2, 1]))                     // [3] int32
 *     tensor(pixels, { shape: [60000, 784] })               // a typed array, row-major
 *
 * @param values  a number, nested arrays (numbers: float32, booleans: bool), or a typed array (its own dtype); of complex
 *                dtypes the real parts: `complex` takes both
 * @throws ShapeError if rows differ in length or the shape does not hold the values; ValueError for a value that the dtype lacks
 */
export function tensor<A extends TypedArray, const S extends Shape = [number], D extends DType = ArrayDType<A>>(
  values: A,
  options?: CreateOptions<D> & { shape?: S },
): Tensor<Literal<S>, NoInfer<D>>;
export function tensor<const T extends NestedArray, D extends DType = InferredDType<T>>(
  values: T,
  options?: CreateOptions<D>,
): Tensor<ShapeOf<T>, NoInfer<D>>;
export function tensor(values: TypedArray | NestedArray, options: CreateOptions & { shape?: Shape } = {}): Tensor {
  const typed = ArrayBuffer.isView(values);
  const flat: ArrayLike<number | boolean> = typed ? values : flatten(values);
  const shape = options.shape ?? (typed ? [values.length] : nestedShape(values));
  const dtype = options.dtype ?? (typed ? dtypeOf(values) : typeof flat[0] === 'boolean' ? 'bool' : 'float32');
  checkDType('tensor', dtype);
  checkShape('tensor', shape);
  if (sizeOf(shape) !== flat.length) {
    throw new ShapeError(`tensor: shape ${show(shape)} holds ${sizeOf(shape)} elements; got ${flat.length} values`);
  }
  if (isComplex(dtype)) {
    const data = allocateKept(partDType(dtype), 2 * flat.length, shape);
    data.fill(0);
    for (let i = 0; i < flat.length; i++) data[2 * i] = Number(flat[i]);
    return new Tensor(new Storage(data), dtype, [...shape]).requireGrad(options.requiresGrad ?? false);
  }
  const data = allocateKept(dtype as RealDType, flat.length, shape);
  if (typed && dtypeOf(values) === dtype) data.set(values);
  else if (dtype === 'float32' || dtype === 'float64') for (let i = 0; i < flat.length; i++) data[i] = Number(flat[i]);
  else if (dtype === 'bfloat16') for (let i = 0; i < flat.length; i++) data[i] = toBfloat16(Number(flat[i]));
  else for (let i = 0; i < flat.length; i++) data[i] = checkInteger('tensor', Number(flat[i]), dtype);
  return new Tensor(new Storage(data), dtype, [...shape]).requireGrad(options.requiresGrad ?? false);
}

function dtypeOf(array: ArrayBufferView): DType {
  if (array instanceof Float32Array) return 'float32';
  if (array instanceof Float64Array) return 'float64';
  if (array instanceof Int32Array) return 'int32';
  if (array instanceof Uint8Array) return 'uint8';
  throw new DTypeError(
    `tensor: a typed array must be Float32Array, Float64Array, Int32Array or Uint8Array; got ${array.constructor.name}; pass Array.from(it)`,
  );
}

function nestedShape(values: NestedArray): number[] {
  const shape: number[] = [];
  for (let level: unknown = values; Array.isArray(level); level = level[0]) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  return shape;
}

function flatten(values: NestedArray): (number | boolean)[] {
  const shape = nestedShape(values);
  const flat: (number | boolean)[] = [];
  const visit = (value: unknown, axis: number): void => {
    if (axis < shape.length) {
      if (!Array.isArray(value) || value.length !== shape[axis]) {
        const got = Array.isArray(value) ? `${value.length} values` : typeof value;
        throw new ShapeError(
          `tensor: the rows of axis ${axis} must all have ${shape[axis]} values; got one with ${got}`,
        );
      }
      for (const inner of value) visit(inner, axis + 1);
    } else if (typeof value === 'number' || typeof value === 'boolean') {
      flat.push(value);
    } else {
      throw new ShapeError(
        `tensor: the values must be numbers or booleans, nested equally deep; got ${Array.isArray(value) ? 'an array' : typeof value} at depth ${axis}`,
      );
    }
  };
  visit(values, 0);
  return flat;
}

/** A tensor over memory that the caller hands over and will not write to again: for readers and data loaders. */
export function fromStorage<S extends Shape, D extends DType>(data: TypedArrays[D], shape: S, dtype: D): Tensor<S, D> {
  return new Tensor<S, D>(new Storage(data), dtype, shape);
}

/**
 * A tensor with every element equal to `value`.
 *
 * @param shape  the result's
 * @param value  of the dtype: whole and in its range for integers
 * @returns      default float32
 * @throws ShapeError "full: a dimension must be a whole number ≥ 0; got -1 in [-1, 2]"; ValueError for a value that the dtype lacks
 */
export function full<const S extends Shape, D extends DType = 'float32'>(
  shape: S,
  value: number,
  options: CreateOptions<D> = {},
): Tensor<Literal<S>, NoInfer<D>> {
  return filled('full', shape, value, options);
}

function filled<const S extends Shape, D extends DType>(
  op: string,
  shape: S,
  value: number,
  options: CreateOptions<D>,
): Tensor<Literal<S>, NoInfer<D>> {
  const dtype = (options.dtype ?? 'float32') as D;
  checkDType(op, dtype);
  checkShape(op, shape);
  checkInteger(op, value, dtype);
  return fill([...shape] as unknown as Literal<S>, value, dtype).requireGrad(options.requiresGrad ?? false);
}

/** Zeros; see `full`. */
export const zeros = <const S extends Shape, D extends DType = 'float32'>(
  shape: S,
  options: CreateOptions<D> = {},
): Tensor<Literal<S>, NoInfer<D>> => filled('zeros', shape, 0, options);

/** Ones; see `full`. */
export const ones = <const S extends Shape, D extends DType = 'float32'>(
  shape: S,
  options: CreateOptions<D> = {},
): Tensor<Literal<S>, NoInfer<D>> => filled('ones', shape, 1, options);
