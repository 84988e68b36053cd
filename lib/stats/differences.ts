import { ShapeError, ValueError } from '../core/errors.js';

/** What a test of a hypothesis tells. */
export interface TestResult {
  readonly statistic: number;
  /** How probable a statistic as far out as this one is where the hypothesis holds: small ones speak against it. */
  readonly pValue: number;
}

/** first − second of paired scores, at least two. */
export function differences(op: string, first: ArrayLike<number>, second: ArrayLike<number>): number[] {
  if (first.length !== second.length || first.length < 2) {
    throw new ShapeError(
      `${op}: the two samples must be pairs, at least two; got ${first.length} and ${second.length} numbers`,
    );
  }
  checkNumbers(op, first);
  checkNumbers(op, second);
  return Array.from(first, (score, i) => score - second[i]);
}

/** Finite numbers all. */
export function checkNumbers(op: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new ValueError(`${op}: scores must be finite numbers; got ${String(values[i])} at [${i}]`);
    }
  }
}
