import type { View } from '../../lib/backend/backend.js';
import { readsResults, resultCount } from '../../lib/backend/index.js';
import {
  arrayOf,
  type FloatDType,
  fromBfloat16,
  type RealDType,
  type TypedArray,
  toBfloat16,
} from '../../lib/core/dtype.js';
import { contiguousStrides, isContiguous, sizeOf } from '../../lib/core/shape.js';
import { Storage } from '../../lib/core/storage.js';
import { chirpOf, filterOf, rootsOf, twistOf } from '../../lib/ops/fft/roots.js';
import type { Tensor } from '../../lib/tensor/tensor.js';
import { isConstant, type KernelCall, type Operand } from './calls/operand.js';
import { positions } from './layouts.js';

/* Calls whose operands lie in memory where a test wants them, between bytes that no kernel may use or change. */

/** Bytes of ones: NaN to every float. What is read beside an operand and used shows in the result. */
export const untouched = 0xff;

/** Fills a view's whole memory. */
export function guard(view: View): View {
  const { buffer, byteOffset, byteLength } = view.storage.data;
  new Uint8Array(buffer, byteOffset, byteLength).fill(untouched);
  return view;
}

/** A view in row-major order, `before` elements behind the start of a cache line and as many before its memory's end. */
export function behind(dtype: RealDType, shape: readonly number[], before: number, addressOf: AddressOf): View {
  const Elements = arrayOf[dtype];
  const length = 2 * before + sizeOf(shape);
  const buffer = new ArrayBuffer(64 + length * Elements.BYTES_PER_ELEMENT);
  const data = new Elements(buffer, -addressOf(buffer) & 63, length);
  return guard({ storage: new Storage(data), dtype, offset: before, shape, strides: contiguousStrides(shape) });
}
export type AddressOf = (buffer: ArrayBuffer) => number;

/** A view in row-major order that ends where its memory ends: what a sanitizer needs to see who reads on. */
export function atTheEnd(dtype: RealDType, shape: readonly number[]): View {
  const data = new arrayOf[dtype](3 + sizeOf(shape));
  return guard({ storage: new Storage(data), dtype, offset: 3, shape, strides: contiguousStrides(shape) });
}

/** The elements in row-major order; in one piece where they lie that way. */
function read(view: View): Float64Array {
  const { storage, dtype, offset, shape, strides } = view;
  const { data } = storage;
  const raw = isContiguous(shape, strides)
    ? Float64Array.from(data.subarray(offset, offset + sizeOf(shape)))
    : Float64Array.from(positions(view), (at) => data[at]);
  return dtype === 'bfloat16' ? raw.map(fromBfloat16) : raw;
}

function write(view: View, values: Float64Array): void {
  const { storage, dtype, offset, shape, strides } = view;
  const { data } = storage;
  const raw = dtype === 'bfloat16' ? values.map(toBfloat16) : values;
  if (isContiguous(shape, strides)) data.set(raw, offset);
  else for (const [i, at] of positions(view).entries()) data[at] = raw[i];
}

function constantOf([first, n1, n2]: readonly number[], values: Operand['values'], dtype: FloatDType): Tensor {
  if (values === 'chirp') return chirpOf(first, false, dtype);
  if (values === 'filter') return filterOf((first + 1) / 2, first, false, dtype);
  return n2 === undefined ? rootsOf(first, dtype) : twistOf(n1, n2, dtype);
}

/** Elements of an operand, in row-major order. */
export function elements({ dtype, shape, values }: Operand, random: () => number): Float64Array {
  if (isConstant({ dtype, shape, values })) {
    return Float64Array.from(constantOf(shape, values, dtype as FloatDType).data() as ArrayLike<number>);
  }
  const make = (): number => {
    if (typeof values === 'number') return Math.floor(random() * values);
    if (dtype === 'bool') return random() < 0.5 ? 0 : 1;
    if (dtype === 'uint8') return Math.floor(random() * 10);
    if (dtype === 'int32') return Math.floor(random() * 19) - 9;
    const value =
      values === 'fraction'
        ? random()
        : values === 'positive'
          ? 0.5 + 1.5 * random()
          : (4 * random() - 2) * (values === 'small' ? 0.1 : 1);
    return dtype === 'float64' ? value : Math.fround(value);
  };
  return Float64Array.from({ length: sizeOf(shape) }, make);
}

/** Sums are added up in another order where elements are not neighbours. */
const tolerance: Readonly<Record<RealDType, number>> = {
  ...{ bool: 0, uint8: 0, int32: 0 },
  ...{ bfloat16: 8e-3, float32: 2e-6, float64: 1e-14 },
};

/** Whether results differ by rounding alone. */
export function close(actual: Float64Array, expected: Float64Array, dtype: RealDType): boolean {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return actual.every(
    (value, i) => Object.is(value, expected[i]) || Math.abs(value - expected[i]) <= tolerance[dtype] * largest,
  );
}

export interface Outcome {
  readonly results: readonly Float64Array[];
  /** What a kernel that looks for an element returned. */
  readonly found: number;
}

type Run = (kernel: string, views: readonly View[], numbers: readonly number[]) => number;

/** Runs a call on views that hold `contents`; `before` sees them before it does. */
export function runIn(
  views: readonly View[],
  run: Run,
  call: KernelCall,
  contents: readonly Float64Array[],
  before: () => void = () => {},
): Outcome {
  const count = resultCount(call);
  views.forEach((view, i) => {
    // Fresh memory holds anything.
    if (i >= count || readsResults(call.kernel)) write(view, contents[i]);
  });
  before();
  const found = run(call.kernel, views, call.numbers);
  return { results: views.slice(0, count).map(read), found };
}

/**
 * Runs a call on views as `lay` lays them out. `spoilt` is the first view around which, or in which if it is an operand,
 * memory changed; −1 if there is none.
 */
export function runOn(
  run: Run,
  call: KernelCall,
  contents: readonly Float64Array[],
  lay: (operand: Operand, index: number) => View,
): Outcome & { readonly spoilt: number } {
  const views = call.views.map(lay);
  let expected: TypedArray[] = [];
  const outcome = runIn(views, run, call, contents, () => {
    expected = views.map(({ storage }) => storage.data.slice());
  });
  views.slice(0, outcome.results.length).forEach((view, i) => {
    const { storage, offset, shape, strides } = view;
    const end = offset + sizeOf(shape);
    if (isContiguous(shape, strides)) expected[i].set(storage.data.subarray(offset, end), offset);
    else for (const at of positions(view)) expected[i][at] = storage.data[at];
  });
  const bytes = ({ buffer, byteOffset, byteLength }: TypedArray) => Buffer.from(buffer, byteOffset, byteLength);
  const spoilt = views.findIndex(({ storage }, i) => !bytes(storage.data).equals(bytes(expected[i])));
  return { ...outcome, spoilt };
}
