import { hasKernel, kernel, run } from '../../backend/index.js';
import {
  type DType,
  type Floating,
  isComplex,
  isFloat,
  type Promoted,
  promote,
  promoteToFloat,
  widen,
} from '../../core/dtype.js';
import { DTypeError } from '../../core/errors.js';
import { broadcastShapes, sameShape } from '../../core/shape.js';
import type { Broadcast, Checked, Result, Shape } from '../../core/types.js';
import { empty, emptyLike, scalar } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import { type Gradient, isTracked, record } from '../../tensor/tape.js';
import { checkTensor, parts, type Tensor } from '../../tensor/tensor.js';
import { inFloat } from '../precision.js';
import { to } from '../shape/to.js';

/*
 * The common parts of ops that compute every element of the result from its fellows in the operands. Kernels take
 * float32, float64 and int32; uint8 and bool are computed in int32, bfloat16 in float32 and rounded.
 */

/** Elementwise; integers give float32. */
export type UnaryFloat = <S extends Shape, D extends DType>(x: Tensor<S, D>) => Tensor<S, Floating<D>>;
/** Elementwise; the result has the operand's dtype. */
export type UnarySame = <S extends Shape, D extends DType>(x: Tensor<S, D>) => Tensor<S, D>;

export interface UnaryDefinition {
  /** The function on numbers, over which the reference engine loops unless it has a kernel of that name. */
  of?: (x: number) => number;
  /** What the derivative is computed from: the operand, the result, or nothing. */
  saves: 'input' | 'result' | 'nothing';
  /** dx from dy and what was saved, by ops; null where the derivative is 0 everywhere. */
  backward: ((dy: Tensor, saved: Tensor) => Tensor) | null;
  /** The function of complex numbers, by ops; where it is missing, `checkTensor` refuses them. */
  complex?: (x: Tensor) => Tensor;
  /** A native kernel `…Gradient` of [dx, dy, saved] that computes the same in one pass. */
  gradientKernel?: {
    /** ∂dx/∂saved from dy and what was saved; null where it is 0 everywhere. */
    slope: ((dy: Tensor, saved: Tensor) => Tensor) | null;
    /** Its floating-point operations for an element. */
    flops: number;
  };
}

/** Gives a function the name that stack traces and errors call it by. */
export const named = <F>(name: string, f: F): F => Object.defineProperty(f, 'name', { value: name });

/** A function of one operand, on floating-point numbers: integers are converted to float32 first. */
export function unaryFloat(name: string, definition: UnaryDefinition): UnaryFloat {
  describe(name, definition);
  return named(name, (x: Tensor) => {
    checkTensor(name, x);
    if (isComplex(x.dtype) && definition.complex) return definition.complex(x);
    return unary(name, definition, to(x, promoteToFloat(x.dtype)));
  }) as UnaryFloat;
}

/** A function of one operand that also makes sense on integers. */
export function unarySame(name: string, definition: UnaryDefinition): UnarySame {
  describe(name, definition);
  return named(name, (x: Tensor) => {
    checkTensor(name, x);
    if (isComplex(x.dtype) && definition.complex) return definition.complex(x);
    if (x.dtype === 'bool') throw new DTypeError(`${name}: a bool tensor has no arithmetic; convert with to('int32')`);
    return unary(name, definition, x);
  }) as UnarySame;
}

/** The kernels of a function of one operand. */
function describe(name: string, { of, gradientKernel }: UnaryDefinition): void {
  kernel(name, { flops: 1, ...(of && { of }) });
  if (gradientKernel) kernel(`${name}Gradient`, { flops: gradientKernel.flops });
}

function unary(name: string, definition: UnaryDefinition, x: Tensor): Tensor {
  const { saves, backward, gradientKernel } = definition;
  const compute = computeDType(x.dtype);
  if (compute !== x.dtype) return to(unary(name, definition, to(x, compute)), x.dtype);

  const y = emptyLike(x);
  run(name, [y, x]);
  if (backward === null) return y;
  return record(name, y, [x], saves === 'nothing' ? [] : [saves === 'input' ? x : y], (dy, [saved]) => [
    gradientOf(name, backward, gradientKernel, dy, saved),
  ]);
}

/** Floating-point operations for an element, of a result and of dx. */
export interface FusedFlops {
  flops: number;
  gradient: number;
}

/**
 * A function by the kernel of its name, and its gradient by `…Gradient`, of [dx, dy, x].
 *
 * @param formula  the same of ops: where the engine has no kernel, and for derivatives of the gradient
 */
export function fusedUnary(name: string, flops: FusedFlops, formula: (x: Tensor) => Tensor): UnaryFloat {
  const compute = fusedWithNumbers(name, flops, formula);
  return named(name, (x: Tensor) => {
    checkTensor(name, x);
    return inFloat([x], (x: Tensor) => compute(x));
  }) as UnaryFloat;
}

/**
 * The same of x, float32 or float64, and numbers: the kernel takes each as an operand of one element behind x, the
 * gradient's the first alone.
 */
export function fusedWithNumbers<N extends number[]>(
  name: string,
  { flops, gradient }: FusedFlops,
  formula: (x: Tensor, ...numbers: N) => Tensor,
): (x: Tensor, ...numbers: N) => Tensor {
  kernel(name, { flops });
  kernel(`${name}Gradient`, { flops: gradient });
  return fused(name, formula, (x: Tensor, ...numbers: N) => {
    const operands = (of: readonly number[]): Tensor[] => of.map((value) => scalar(name, value, x.dtype));
    const y = emptyLike(x);
    run(name, [y, x, ...operands(numbers)]);
    const backward = (dy: Tensor): Tensor[] => {
      const dx = emptyLike(x);
      run(`${name}Gradient`, [dx, dy, x, ...operands(numbers.slice(0, 1))]);
      return [dx];
    };
    return { result: y, saved: [x], backward };
  });
}

/** A function of one operand, composed of ops that differentiate it. */
export const composedUnary = (name: string, formula: (x: Tensor) => Tensor): UnaryFloat =>
  named(name, (x: Tensor) => {
    checkTensor(name, x);
    return inFloat([x], formula);
  }) as UnaryFloat;

/** dx by the kernel for it where there is one, differentiable in turn: it is linear in dy. */
function gradientOf(
  name: string,
  formula: (dy: Tensor, saved: Tensor) => Tensor,
  gradientKernel: UnaryDefinition['gradientKernel'],
  dy: Tensor,
  saved: Tensor,
): Tensor {
  const gradient = `${name}Gradient`;
  if (gradientKernel === undefined || !hasKernel(gradient)) return formula(dy, saved);
  const { slope } = gradientKernel;
  const dx = emptyLike(saved);
  run(gradient, [dx, dy, saved]);
  return record(gradient, dx, [dy, saved], [slope === null ? null : dy, saved], (ddx, [dy, saved]) => [
    () => gradientOf(name, formula, gradientKernel, ddx, saved),
    slope === null ? null : () => ddx.mul(slope(dy, saved)),
  ]);
}

/** `a ∘ b` with broadcasting; a number takes the other operand's dtype. */
export interface Binary {
  <A extends Shape, D extends DType, B extends Shape, E extends DType>(
    a: Tensor<A, D>,
    b: Tensor<B, E> & Checked<Broadcast<A, B>>,
  ): Tensor<Result<Broadcast<A, B>>, Promoted<D, E>>;
  <A extends Shape, D extends DType>(a: Tensor<A, D>, b: number): Tensor<A, D>;
  <B extends Shape, E extends DType>(a: number, b: Tensor<B, E>): Tensor<B, E>;
}
/** As Binary; integers give float32. */
export interface BinaryFloat {
  <A extends Shape, D extends DType, B extends Shape, E extends DType>(
    a: Tensor<A, D>,
    b: Tensor<B, E> & Checked<Broadcast<A, B>>,
  ): Tensor<Result<Broadcast<A, B>>, Floating<Promoted<D, E>>>;
  <A extends Shape, D extends DType>(a: Tensor<A, D>, b: number): Tensor<A, Floating<D>>;
  <B extends Shape, E extends DType>(a: number, b: Tensor<B, E>): Tensor<B, Floating<E>>;
}
/** As Binary; the result is bool. */
export interface Comparison {
  <A extends Shape, D extends DType, B extends Shape, E extends DType>(
    a: Tensor<A, D>,
    b: Tensor<B, E> & Checked<Broadcast<A, B>>,
  ): Tensor<Result<Broadcast<A, B>>, 'bool'>;
  <A extends Shape, D extends DType>(a: Tensor<A, D>, b: number): Tensor<A, 'bool'>;
  <B extends Shape, E extends DType>(a: number, b: Tensor<B, E>): Tensor<B, 'bool'>;
}

type Reads = '' | 'a' | 'b' | 'y' | 'ab' | 'ay' | 'by' | 'aby';

export interface BinaryDefinition {
  /** What da and db are computed from beside dy, by the names that `backward` gives them: `['b', 'a']` for a product. */
  reads: readonly [da: Reads, db: Reads];
  /** da and db, as wide as dy or wider than their operand; the tape sums them down. */
  backward: (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => readonly Gradient[];
  /** The kernel for pairs of real and imaginary part; where it is missing, `checkTensor` refuses complex numbers. */
  complex?: string;
}

/** What the gradients that are wanted read: by `tracked(a, b)`. */
type Saves = readonly { readonly a: boolean; readonly b: boolean; readonly y: boolean }[];

const savesOf = ({ reads: [da, db] }: BinaryDefinition): Saves =>
  ['', da, db, da + db].map((read) => ({ a: read.includes('a'), b: read.includes('b'), y: read.includes('y') }));

const tracked = (a: Tensor, b: Tensor): number => (isTracked(a) ? 1 : 0) + (isTracked(b) ? 2 : 0);

/** A function of two operands of any number dtype. */
export function binary(name: string, definition: BinaryDefinition): Binary {
  kernel(name, { flops: 1 });
  const saves = savesOf(definition);
  return named(name, (a: Tensor | number, b: Tensor | number) => {
    const [p, q] = operands(name, a, b);
    if (p.dtype === 'bool')
      throw new DTypeError(
        `${name}: two bool tensors have no arithmetic; use logicalAnd, logicalOr, logicalXor, or convert with to('int32')`,
      );
    return binaryOn(name, definition, saves, p, q);
  }) as Binary;
}

/** A function of two operands whose values are fractions: integers are converted to float32 first. */
export function binaryFloat(name: string, definition: BinaryDefinition): BinaryFloat {
  kernel(name, { flops: 1 });
  const saves = savesOf(definition);
  return named(name, (a: Tensor | number, b: Tensor | number) => {
    const [p, q] = operands(name, a, b, promoteToFloat);
    return binaryOn(name, definition, saves, p, q);
  }) as BinaryFloat;
}

function binaryOn(name: string, definition: BinaryDefinition, saves: Saves, a: Tensor, b: Tensor): Tensor {
  const compute = computeDType(a.dtype);
  if (compute !== a.dtype) return to(binaryOn(name, definition, saves, to(a, compute), to(b, compute)), a.dtype);
  const { backward } = definition;
  const y = emptyBroadcast(name, a, b, a.dtype);
  if (isComplex(a.dtype)) run(definition.complex as string, [parts(y), parts(a), parts(b)]);
  else run(name, [y, a, b]);
  const needed = saves[tracked(a, b)];
  const saved = [needed.a ? a : null, needed.b ? b : null, needed.y ? y : null];
  return record(name, y, [a, b], saved, (dy, [a, b, y]) => backward(dy, a, b, y));
}

/** A comparison: bool, never differentiable. `complex` joins what is found of real and imaginary parts; without it `checkTensor` refuses complex numbers. */
export function comparison(name: string, complex?: 'min' | 'max'): Comparison {
  kernel(name, { flops: 1 });
  return named(name, (a: Tensor | number, b: Tensor | number) => {
    const [p, q] = operands(name, a, b);
    const compute = widen(p.dtype);
    const y = emptyBroadcast(name, p, q, 'bool');
    if (isComplex(p.dtype)) {
      const both = empty([...y.shape, 2], 'bool');
      run(name, [both, parts(p), parts(q)]);
      run(complex as string, [y.detach().reshape([...y.shape, 1]), both]);
      return y;
    }
    run(name, [y, to(p, compute), to(q, compute)]);
    return y;
  }) as Comparison;
}

/** Both operands as tensors of one dtype: the promoted one, or what `adapt` makes of it. */
export function operands(
  op: string,
  a: Tensor | number,
  b: Tensor | number,
  adapt: (dtype: DType) => DType = (dtype) => dtype,
): [Tensor, Tensor] {
  if (typeof a !== 'number') checkTensor(op, a);
  if (typeof b !== 'number') checkTensor(op, b);
  if (typeof a === 'number') {
    if (typeof b === 'number')
      throw new DTypeError(`${op}: one operand must be a tensor; got the numbers ${a} and ${b}`);
    const dtype = adapt(b.dtype);
    return [scalar(op, a, dtype), to(b, dtype)];
  }
  if (typeof b === 'number') {
    const dtype = adapt(a.dtype);
    return [to(a, dtype), scalar(op, b, dtype)];
  }
  // Of one dtype most are: three calls that a tiny op would feel.
  const dtype = adapt(a.dtype === b.dtype ? a.dtype : promote(a.dtype, b.dtype));
  return [a.dtype === dtype ? a : to(a, dtype), b.dtype === dtype ? b : to(b, dtype)];
}

/** The dtype that kernels compute in for a given one. */
export const computeDType = (dtype: DType): DType =>
  isFloat(dtype) ? widen(dtype) : isComplex(dtype) ? dtype : 'int32';

function emptyBroadcast(op: string, a: Tensor, b: Tensor, dtype: DType): Tensor {
  const shape = sameShape(a.shape, b.shape) ? a.shape : broadcastShapes(op, a.shape, b.shape);
  return empty(shape, dtype);
}
