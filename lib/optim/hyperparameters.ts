import { ValueError } from '../core/errors.js';

/* Checks of an optimiser's options; those of single numbers are in core/check. */

/** A number in [0, 1): the weight that a running average gives to its past. */
export function checkAveraging(op: string, name: string, value: number): void {
  if (!(typeof value === 'number' && value >= 0 && value < 1)) {
    throw new ValueError(`${op}: ${name} must be a number ≥ 0 and < 1; got ${String(value)}`);
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
