import { ValueError } from '../core/errors.js';

/* Hyper-parameters: every constructor checks them, and its error names the range. */

/** A whole number, at least `least`. */
export function checkCount(layer: string, name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new ValueError(`${layer}: ${name} must be a whole number ≥ ${least}; got ${value}`);
  }
}

/** A number > 0. */
export function checkPositive(layer: string, name: string, value: number): void {
  if (!(value > 0 && value < Infinity)) {
    throw new ValueError(`${layer}: ${name} must be a number > 0; got ${value}`);
  }
}
