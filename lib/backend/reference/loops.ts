import { arrayOf, fromBfloat16, type TypedArray, toBfloat16 } from '../../core/dtype.js';
import { broadcastStrides, contiguousStrides, sizeOf } from '../../core/shape.js';
import { Storage } from '../../core/storage.js';
import type { Shape } from '../../core/types.js';
import type { View } from '../backend.js';

/* Loops over views, for kernels that read as their formulas. */

/** A kernel that looks for an element returns its position, or −1. */
export type Kernel = (views: readonly View[], numbers: readonly number[]) => unknown;
export type KernelTable = Readonly<Record<string, Kernel>>;

/**
 * Calls `body` with the position of every element in each view's array; the first view gives the shape, the others
 * broadcast to it. The last axis is the inner loop.
 */
export function forEachElement(views: readonly View[], body: (at: Int32Array | Float64Array) => void): void {
  const { shape } = views[0];
  if (sizeOf(shape) === 0) return;
  const rank = shape.length;
  const strides = views.map((view) => broadcastStrides(view.shape, view.strides, shape));
  const at = Float64Array.from(views, (view) => view.offset);
  const index = new Array<number>(rank).fill(0);
  for (;;) {
    body(at);
    let axis = rank - 1;
    for (; axis >= 0; axis--) {
      index[axis]++;
      for (let v = 0; v < strides.length; v++) at[v] += strides[v][axis];
      if (index[axis] < shape[axis]) break;
      for (let v = 0; v < strides.length; v++) at[v] -= strides[v][axis] * shape[axis];
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** The geometry of a view, to be changed. */
export const viewOf = ({ storage, dtype, offset, shape, strides }: View): View => ({
  storage,
  dtype,
  offset,
  shape,
  strides,
});

/**
 * The elements of a view broadcast to `shape`, in row-major order, as plain numbers (bfloat16 decoded): the storage's own
 * memory where it lies that way already.
 */
export function read(view: View, shape = view.shape): TypedArray {
  const size = sizeOf(shape);
  const strides = broadcastStrides(view.shape, view.strides, shape);
  const { data } = view.storage;
  const decode = view.dtype === 'bfloat16';
  let stride = 1;
  let dense = !decode;
  for (let i = shape.length - 1; i >= 0 && dense; i--) {
    dense = shape[i] === 1 || strides[i] === stride;
    stride *= shape[i];
  }
  if (dense) return data.subarray(view.offset, view.offset + size);

  const out = decode ? new Float32Array(size) : new arrayOf[view.dtype](size);
  const inner = shape.length === 0 ? 1 : shape[shape.length - 1];
  const step = shape.length === 0 ? 0 : strides[strides.length - 1];
  for (let row = 0, to = 0; to < size; row++) {
    let from = view.offset;
    for (let axis = shape.length - 2, rest = row; axis >= 0; axis--) {
      from += (rest % shape[axis]) * strides[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    if (decode) for (let i = 0; i < inner; i++, from += step) out[to++] = fromBfloat16(data[from]);
    else if (step === 1) {
      out.set(data.subarray(from, from + inner), to);
      to += inner;
    } else for (let i = 0; i < inner; i++, from += step) out[to++] = data[from];
  }
  return out;
}

/** The view's elements rounded to bfloat16, in float32; axes that repeat their elements go on doing so. */
export function rounded(view: View): View {
  const { shape, strides } = view;
  const once = shape.map((size, axis) => (strides[axis] === 0 ? Math.min(size, 1) : size));
  const values = Float32Array.from(read({ ...viewOf(view), shape: once }), (x) => fromBfloat16(toBfloat16(x)));
  const steps = contiguousStrides(once).map((step, axis) => (strides[axis] === 0 ? 0 : step));
  return { ...rowMajor(values, shape), strides: steps };
}

/** A view of row-major float32 values. */
export const rowMajor = (values: TypedArray, shape: Shape): View => ({
  storage: new Storage(values),
  dtype: 'float32',
  offset: 0,
  shape,
  strides: contiguousStrides(shape),
});

/** Writes row-major values to a view: at once where it lies that way, else element by element. */
export function write(view: View, values: ArrayLike<number>): void {
  const { data } = view.storage;
  const encode = view.dtype === 'bfloat16' ? toBfloat16 : undefined;
  let next = 0;
  forEachElement([view], (at) => {
    const value = values[next++];
    data[at[0]] = encode === undefined ? value : encode(value);
  });
}

/** A view's own memory if it lies in row-major order, else an array that `done` copies back. */
export function writable(view: View): { values: TypedArray; done: () => void } {
  const size = sizeOf(view.shape);
  let stride = 1;
  let dense = view.dtype !== 'bfloat16';
  for (let i = view.shape.length - 1; i >= 0 && dense; i--) {
    dense = view.shape[i] === 1 || view.strides[i] === stride;
    stride *= view.shape[i];
  }
  if (dense) return { values: view.storage.data.subarray(view.offset, view.offset + size), done: () => {} };
  const values = view.dtype === 'bfloat16' ? new Float32Array(size) : new arrayOf[view.dtype](size);
  return { values, done: () => write(view, values) };
}

/** Calls `body` for each line along an axis of row-major values: the position of its first element, and the step to the next. */
export function forEachLine(shape: Shape, axis: number, body: (first: number, step: number) => void): void {
  const step = contiguousStrides(shape)[axis];
  const length = shape[axis];
  const lines = sizeOf(shape.map((size, i) => (i === axis ? 1 : size)));
  for (let line = 0; line < lines; line++) body(Math.floor(line / step) * step * length + (line % step), step);
}
