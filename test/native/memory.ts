import type { View } from '../../lib/backend/backend.js';
import { readsResults, resultCount } from '../../lib/backend/index.js';
import { arrayOf, type DType, fromBfloat16, type TypedArray, toBfloat16 } from '../../lib/core/dtype.js';
import { contiguousStrides, isContiguous, sizeOf } from '../../lib/core/shape.js';
import { Storage } from '../../lib/core/storage.js';
import type { KernelCall, Operand } from './calls.js';
import { positions } from './cases.js';

/* Calls whose operands lie in memory where a test wants them, between bytes that no kernel may use or change. */

/** Bytes of ones: NaN to every float. What is read beside an operand and used shows in the result. */
const untouched = 0xff;

/** Fills a view's whole memory. */
export function guard(view: View): View {
  const { buffer, byteOffset, byteLength } = view.storage.data;
  new Uint8Array(buffer, byteOffset, byteLength).fill(untouched);
  return view;
}

/** A view in row-major order, `before` elements behind the start of a cache line and as many before its memory's end. */
export function behind(dtype: DType, shape: readonly number[], before: number, addressOf: AddressOf): View {
  const Elements = arrayOf[dtype];
  const length = 2 * before + sizeOf(shape);
  const buffer = new ArrayBuffer(64 + length * Elements.BYTES_PER_ELEMENT);
  const data = new Elements(buffer, -addressOf(buffer) & 63, length);
  return guard({ storage: new Storage(data), dtype, offset: before, shape, strides: contiguousStrides(shape) });
}
export type AddressOf = (buffer: ArrayBuffer) => number;

/** A view in row-major order that ends where its memory ends: what a sanitizer needs to see who reads on. */
export function atTheEnd(dtype: DType, shape: readonly number[]): View {
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

/** Elements of an operand, in row-major order. */
export function elements({ dtype, shape, values }: Operand, random: () => number): Float64Array {
  const make = (): number => {
    if (typeof values === 'number') return Math.floor(random() * values);
    if (dtype === 'bool') return random() < 0.5 ? 0 : 1;
    if (dtype === 'uint8') return Math.floor(random() * 10);
    if (dtype === 'int32') return Math.floor(random() * 19) - 9;
    const value = values === 'positive' ? 0.5 + 1.5 * random() : 4 * random() - 2;
    return dtype === 'float64' ? value : Math.fround(value);
  };
  return Float64Array.from({ length: sizeOf(shape) }, make);
}

export interface Outcome {
  readonly results: readonly Float64Array[];
  /** What a kernel that looks for an element returned. */
  readonly found: number;
  /** The first view around which, or in which if it is an operand, memory changed; −1 if there is none. */
  readonly spoilt: number;
}

type Run = (kernel: string, views: readonly View[], numbers: readonly number[]) => number;

/** Runs a call on views as `lay` lays them out. */
export function runOn(
  run: Run,
  { kernel, views, numbers }: KernelCall,
  contents: readonly Float64Array[],
  lay: (operand: Operand, index: number) => View,
): Outcome {
  const placed = views.map(lay);
  const count = resultCount({ kernel, views });
  placed.forEach((view, i) => {
    // Fresh memory holds anything.
    if (i >= count || readsResults(kernel) || kernel === 'peak') write(view, contents[i]);
  });
  const before = placed.map(({ storage }) => storage.data.slice());
  const found = run(kernel, placed, numbers);
  const results = placed.slice(0, count);
  results.forEach((view, i) => {
    const { storage, offset, shape, strides } = view;
    const end = offset + sizeOf(shape);
    if (isContiguous(shape, strides)) before[i].set(storage.data.subarray(offset, end), offset);
    else for (const at of positions(view)) before[i][at] = storage.data[at];
  });
  const bytes = ({ buffer, byteOffset, byteLength }: TypedArray) => Buffer.from(buffer, byteOffset, byteLength);
  const spoilt = placed.findIndex(({ storage }, i) => !bytes(storage.data).equals(bytes(before[i])));
  return { results: results.map(read), found, spoilt };
}
