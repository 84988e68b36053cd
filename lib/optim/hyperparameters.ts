import { ValueError } from '../core/errors.js';

/* Checks of hyper-parameters: a wrong one trains to nonsense many hours later. */

/** A finite number ≥ 0: rates, decays, momenta, ε. */
export function checkNonNegative(op: string, name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) {
    throw new ValueError(`${op}: ${name} must be a finite number ≥ 0; got ${String(value)}`);
  }
}

/** A number in [0, 1): the weight that a running average gives to its past. */
export function checkAveraging(op: string, name: string, value: number): void {
  if (!(typeof value === 'number' && value >= 0 && value < 1)) {
    throw new ValueError(`${op}: ${name} must be a number ≥ 0 and < 1; got ${String(value)}`);
  }
}

/** A whole number ≥ 1: periods and counts. */
export function checkCount(op: string, name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new ValueError(`${op}: ${name} must be a whole number ≥ 1; got ${String(value)}`);
  }
}

export function checkFlag(op: string, name: string, value: boolean): void {
  if (typeof value !== 'boolean') throw new ValueError(`${op}: ${name} must be true or false; got ${String(value)}`);
}

/** Every option must be one that exists: a misspelt one would be ignored. */
export function checkNames(op: string, options: object, known: object): void {
  for (const name of Object.keys(options)) {
    if (!(name in known)) {
      throw new ValueError(`${op}: options are ${Object.keys(known).join(', ')}; got ${name}; check the spelling`);
    }
  }
}
