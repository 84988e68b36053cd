import { DTypeError } from './errors.js';

/** What memory and kernels know, in the order of promotion: to them a complex number is two real ones, an axis of its own. */
export const realDTypes = ['bool', 'uint8', 'int32', 'bfloat16', 'float32', 'float64'] as const;

/** Element types. An operation on two of them takes the later one; see `promote`. */
export const dtypes = [...realDTypes, 'complex64', 'complex128'] as const;

export type DType = (typeof dtypes)[number];
export type RealDType = (typeof realDTypes)[number];
export type FloatDType = 'bfloat16' | 'float32' | 'float64';
export type ComplexDType = 'complex64' | 'complex128';

/**
 * How a dtype lies in memory. bool is 0 or 1 in a byte; bfloat16 is the upper half of a float32's bits; a complex number is
 * its real and its imaginary part.
 */
export interface TypedArrays {
  bool: Uint8Array<ArrayBufferLike>;
  uint8: Uint8Array<ArrayBufferLike>;
  int32: Int32Array<ArrayBufferLike>;
  bfloat16: Uint16Array<ArrayBufferLike>;
  float32: Float32Array<ArrayBufferLike>;
  float64: Float64Array<ArrayBufferLike>;
  complex64: Float32Array<ArrayBufferLike>;
  complex128: Float64Array<ArrayBufferLike>;
}
export type TypedArray = TypedArrays[DType];

export const arrayOf = {
  bool: Uint8Array,
  uint8: Uint8Array,
  int32: Int32Array,
  bfloat16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** A dtype's number in the records that go to the native code; `native/call.h` has the same order. */
export const dtypeCode: Record<RealDType, number> = {
  bool: 0,
  uint8: 1,
  int32: 2,
  bfloat16: 3,
  float32: 4,
  float64: 5,
};

export const bytesPerElement: Record<RealDType, number> = {
  bool: 1,
  uint8: 1,
  int32: 4,
  bfloat16: 2,
  float32: 4,
  float64: 8,
};

/** The numbers that int32 has. */
export const int32Range = { low: -(2 ** 31), high: 2 ** 31 - 1 };

export const isFloat = (dtype: DType): dtype is FloatDType => dtypeCode[dtype as RealDType] >= 3;

export const isComplex = (dtype: DType): dtype is ComplexDType => dtype === 'complex64' || dtype === 'complex128';

/** Engines see complex numbers as pairs of real ones: an op that hands them over as they are does not know them. */
export function checkReal(kernel: string, dtype: DType): void {
  if (dtypeCode[dtype as RealDType] !== undefined) return;
  throw new DTypeError(`${kernel}: the operands must be real; got ${dtype}; take viewAsReal`);
}

/** Whether gradients flow through numbers of this dtype. */
export const isDifferentiable = (dtype: DType): boolean => isFloat(dtype) || isComplex(dtype);

/** The dtype of a complex number's parts, and of its absolute value; another dtype itself. */
export const partDType = <D extends DType>(dtype: D): PartDType<D> =>
  (dtype === 'complex64' ? 'float32' : dtype === 'complex128' ? 'float64' : dtype) as PartDType<D>;

/** `partDType` in types. */
export type PartDType<D extends DType> = D extends 'complex64' ? 'float32' : D extends 'complex128' ? 'float64' : D;

/** The complex dtype that has all numbers of another one: complex64, of float64 complex128. */
export const toComplexDType = <D extends DType>(dtype: D): Complexified<D> =>
  (partDType(dtype) === 'float64' ? 'complex128' : 'complex64') as Complexified<D>;

/** `toComplexDType` in types. */
export type Complexified<D extends DType> = unknown extends D
  ? any
  : D extends 'float64' | 'complex128'
    ? 'complex128'
    : 'complex64';

/**
 * The dtype of `a ∘ b`: the later one in bool < uint8 < int32 < bfloat16 < float32 < float64; with a complex number the
 * complex one that has both.
 */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  if (isComplex(a) || isComplex(b)) return toComplexDType(promote(partDType(a), partDType(b)));
  return dtypeCode[a] >= dtypeCode[b] ? a : b;
}

/** `promote` in types. */
export type Promoted<D extends DType, E extends DType> = [D] extends [E]
  ? D
  : [D] extends [ComplexDType]
    ? PromotedComplex<D | E>
    : [E] extends [ComplexDType]
      ? PromotedComplex<D | E>
      : PromotedReal<D, E>;
type PromotedComplex<D extends DType> = 'float64' extends D
  ? 'complex128'
  : 'complex128' extends D
    ? 'complex128'
    : 'complex64';
type PromotedReal<D extends DType, E extends DType> = 'float64' extends D | E
  ? 'float64'
  : 'float32' extends D | E
    ? 'float32'
    : 'bfloat16' extends D | E
      ? 'bfloat16'
      : 'int32' extends D | E
        ? 'int32'
        : 'uint8';

/** The dtype that arithmetic takes place in: bfloat16 is computed in float32 and rounded at the end. */
export const widen = (dtype: DType): DType => (dtype === 'bfloat16' ? 'float32' : dtype);

/** The dtype of a result that is a fraction: integers give float32, complex numbers stay. */
export const promoteToFloat = (dtype: DType): FloatDType | ComplexDType =>
  isFloat(dtype) || isComplex(dtype) ? dtype : 'float32';

/** `promoteToFloat` in types. */
export type Floating<D extends DType> = D extends 'bool' | 'uint8' | 'int32' ? 'float32' : D;

export function checkDType(op: string, dtype: DType): void {
  if (!dtypes.includes(dtype)) {
    throw new DTypeError(`${op}: dtype must be one of ${dtypes.join(', ')}; got ${String(dtype)}`);
  }
}

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** Nearest bfloat16 (ties to even) of a number, as its 16 bits. A NaN stays a NaN. */
export function toBfloat16(value: number): number {
  float[0] = value;
  const b = bits[0];
  if ((b & 0x7fffffff) > 0x7f800000) return (b >>> 16) | 0x40;
  return (b + 0x7fff + ((b >>> 16) & 1)) >>> 16;
}

/** The number that 16 bits of bfloat16 stand for. */
export function fromBfloat16(value: number): number {
  bits[0] = value << 16;
  return float[0];
}
