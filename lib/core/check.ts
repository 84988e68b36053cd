import { type FormatError, ValueError } from './errors.js';

/* Ranges of arguments and hyper-parameters, one wording each: a wrong one trains to nonsense many hours later. */

/** Where a file or a folder is to be. */
export function checkPath(op: string, path: string): void {
  if (typeof path !== 'string' || path === '')
    throw new ValueError(`${op}: a path must be a text; got ${String(path) || "''"}`);
}

/** A whole number, at least `least` if there is such a bound: counts, sizes, periods. */
export function checkWhole(
  op: string,
  name: string,
  value: number,
  least = -Infinity,
  Fault: typeof ValueError | typeof FormatError = ValueError,
): void {
  if (!Number.isSafeInteger(value) || value < least) {
    const bound = least === -Infinity ? '' : ` ≥ ${least}`;
    throw new Fault(`${op}: ${name} must be a whole number${bound}; got ${String(value)}`);
  }
}

/** A finite number > 0: what is divided by. */
export function checkPositive(op: string, name: string, value: number): void {
  if (!Number.isFinite(value) || value <= 0) {
    throw new ValueError(`${op}: ${name} must be a number > 0; got ${String(value)}`);
  }
}

/** A finite number ≥ 0: rates, decays, momenta, tolerances. */
export function checkNonNegative(op: string, name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) {
    throw new ValueError(`${op}: ${name} must be a finite number ≥ 0; got ${String(value)}`);
  }
}

/** Any finite number: slopes, offsets. */
export function checkFinite(op: string, name: string, value: number): void {
  if (!Number.isFinite(value)) throw new ValueError(`${op}: ${name} must be a finite number; got ${String(value)}`);
}

/** A number within 0 … 1: probabilities and shares. */
export function checkFraction(op: string, name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new ValueError(`${op}: ${name} must be within 0 … 1; got ${String(value)}`);
}

/** One of several words. */
export function checkOneOf(op: string, name: string, value: string, words: readonly string[]): void {
  if (words.includes(value)) return;
  const quoted = words.map((word) => `'${word}'`);
  const list = `${quoted.slice(0, -1).join(', ')} or ${quoted[quoted.length - 1]}`;
  throw new ValueError(`${op}: ${name} must be ${list}; got '${String(value)}'`);
}

/** Options, or none where a caller without types left them out: then those that are needed are refused by name. */
export const given = <O extends object>(options: O): O => options ?? ({} as O);

/** What a caller without types gave, as errors call it: 'undefined', 'a number', 'an array', 'a Tensor'. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  const name = typeof value === 'object' ? value.constructor?.name : typeof value;
  return withArticle(name === undefined || name === 'Object' ? 'object' : name);
}

const withArticle = (noun: string): string => `${/^[aeio]/i.test(noun) ? 'an' : 'a'} ${noun}`;

/** A list: an array, or a typed one. */
export function checkArray(op: string, name: string, value: unknown): void {
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)) return;
  throw new ValueError(`${op}: ${name} must be an array; got ${kindOf(value)}`);
}

/** What a loop goes over; not a text, whose letters nobody means. */
export function checkIterable(op: string, name: string, value: any): void {
  if (typeof value === 'object' && typeof value?.[Symbol.iterator] === 'function') return;
  throw new ValueError(`${op}: ${name} must be an array or another iterable; got ${kindOf(value)}`);
}

export function checkFunction(op: string, name: string, value: unknown): void {
  if (typeof value !== 'function') throw new ValueError(`${op}: ${name} must be a function; got ${kindOf(value)}`);
}

/** What a class made: a module, an optimiser, bytes. */
export function checkInstance(
  op: string,
  name: string,
  value: unknown,
  Class: abstract new (...args: never) => unknown,
): void {
  if (value instanceof Class) return;
  throw new ValueError(`${op}: ${name} must be ${withArticle(Class.name)}; got ${kindOf(value)}`);
}

/** An object, with the fields that are needed of it. */
export function checkObject(op: string, name: string, value: unknown, fields: readonly string[] = []): void {
  const isObject = typeof value === 'object' && value !== null;
  const missing = isObject ? fields.find((field) => Reflect.get(value, field) === undefined) : undefined;
  if (isObject && missing === undefined) return;
  const wanted = fields.length === 0 ? '' : ` with ${fields.join(', ')}`;
  const got = missing === undefined ? kindOf(value) : `${kindOf(value)} without ${missing}`;
  throw new ValueError(`${op}: ${name} must be an object${wanted}; got ${got}`);
}
