import { checkRange } from '../backend/index.js';
import { type DType, type FloatDType, promote, promoteToFloat, widen } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import { broadcastShapes, sameShape, show } from '../core/shape.js';
import type { Shape } from '../core/types.js';
import { position } from '../ops/indexing/indexing.js';
import { scalar } from '../tensor/create.js';
import { checkTensor, type Tensor } from '../tensor/tensor.js';

/** A parameter of a distribution: a number, or a tensor of one for each member of a batch. */
export type Parameter = number | Tensor;

/** Where numbers must lie, and how that is said. */
export interface Range {
  readonly low: number;
  readonly high: number;
  readonly says: string;
  /** Whether only whole numbers do. */
  readonly whole?: true;
}

// The least number above 0 of any dtype is this one or greater.
export const positive: Range = { low: Number.MIN_VALUE, high: Number.MAX_VALUE, says: 'a finite number > 0' };
export const nonNegative: Range = { low: 0, high: Number.MAX_VALUE, says: 'a finite number ≥ 0' };
export const finite: Range = { low: -Number.MAX_VALUE, high: Number.MAX_VALUE, says: 'a finite number' };
export const fraction: Range = { low: 0, high: 1, says: 'within 0 … 1' };
export const anyNumber: Range = { low: -Infinity, high: Infinity, says: 'a number' };
export const count: Range = { low: 0, high: Number.MAX_VALUE, says: 'a whole number ≥ 0', whole: true };

/** Refuses a tensor with an element out of a range. */
export function checkWithin(op: string, name: string, x: Tensor, { low, high, says, whole }: Range): void {
  const values: Tensor = x.detach().to(widen(x.dtype));
  const fail = (got: string, at: number): ValueError => {
    const where = x.rank === 0 ? '' : ` at ${show(position(at, x.shape))}`;
    return new ValueError(`${op}: ${name} must be ${says}; got ${got}${where}`);
  };
  checkRange(values, { low, high }, (value, at) => fail(`${value}`, at));
  if (whole) checkRange(values.sub(values.floor()), { low: 0, high: 0 }, (rest, at) => fail(`a rest of ${rest}`, at));
}

/** The floating-point dtype that parameters have in common; numbers take the tensors', float32 where there is none. */
export function commonDType(op: string, given: readonly Parameter[]): FloatDType {
  const tensors = given.filter((x): x is Tensor => typeof x !== 'number');
  for (const x of tensors) checkTensor(op, x);
  // `checkTensor` refuses complex ones.
  return promoteToFloat(tensors.reduce<DType>((dtype, x) => promote(dtype, x.dtype), 'bool')) as FloatDType;
}

/** A parameter as a tensor, within its range. */
export function parameter(op: string, name: string, given: Parameter, dtype: FloatDType, range: Range): Tensor {
  const x: Tensor = typeof given === 'number' ? scalar(op, given, dtype) : given.to(dtype);
  checkWithin(op, name, x, range);
  return x;
}

export const expanded = (x: Tensor, shape: Shape): Tensor => (sameShape(x.shape, shape) ? x : x.expand(shape));

/** Parameters of single numbers, brought to one dtype and broadcast to one shape, that of the batch. */
export function parameters<const K extends string>(
  op: string,
  given: Readonly<Record<K, Parameter>>,
  ranges: Readonly<Record<K, Range>>,
): Record<K, Tensor> {
  const names = Object.keys(given) as K[];
  const dtype = commonDType(op, Object.values(given));
  const tensors = names.map((name) => parameter(op, name, given[name], dtype, ranges[name]));
  const shape = tensors.reduce<Shape>((all, x) => broadcastShapes(op, all, x.shape), []);
  return Object.fromEntries(names.map((name, i) => [name, expanded(tensors[i], shape)])) as Record<K, Tensor>;
}

/** Probabilities, or what they are a function of. */
export type ProbsOrLogits<T = Parameter> = { probs: T; logits?: undefined } | { logits: T; probs?: undefined };

/** Which of two ways to say the same was taken. */
export function oneOf<const K extends string>(
  op: string,
  given: Readonly<Partial<Record<K, unknown>>> | null | undefined,
  names: readonly K[],
): K {
  const found = names.filter((name) => given?.[name] !== undefined);
  if (found.length === 1) return found[0];
  const got = found.length === 0 ? 'none' : found.join(' and ');
  throw new ValueError(`${op}: one of ${names.join(', ')} must be given; got ${got}`);
}

/** Probabilities kept an ε of the dtype away from 0 and 1, so that their logarithms are finite. */
export function insideUnit(probs: Tensor): Tensor {
  const eps = { bfloat16: 2 ** -7, float32: 2 ** -23, float64: 2 ** -52 }[probs.dtype as FloatDType];
  return probs.clamp({ min: eps, max: 1 - eps });
}
