import { checkArray } from '../core/check.js';
import { ShapeError, ValueError } from '../core/errors.js';

/* What tests of hypotheses take and tell. */

export interface TestResult {
  readonly statistic: number;
  /** How probable a statistic as far out as this one is where the hypothesis holds: small ones speak against it. */
  readonly pValue: number;
}

export interface LevelOptions {
  /** How probable at most it may be that any difference is called one by chance; > 0, at most 0.5; default 0.05. */
  alpha?: number;
}

export function checkLevel(op: string, alpha: number): void {
  // Above it the quantiles of the studentised range, which are found by iteration, are wrong for many methods.
  if (!(alpha > 0 && alpha <= 0.5)) {
    throw new ValueError(`${op}: alpha must be above 0 and at most 0.5; got ${String(alpha)}`);
  }
}

/** Finite numbers all. */
export function checkNumbers(op: string, values: ArrayLike<number>): void {
  checkArray(op, 'scores', values);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new ValueError(`${op}: scores must be finite numbers; got ${String(values[i])} at [${i}]`);
    }
  }
}

/** first − second of paired scores, at least two. */
export function differences(op: string, first: ArrayLike<number>, second: ArrayLike<number>): number[] {
  checkArray(op, 'the first sample', first);
  checkArray(op, 'the second sample', second);
  if (first.length !== second.length || first.length < 2) {
    throw new ShapeError(
      `${op}: the two samples must be pairs, at least two; got ${first.length} and ${second.length} numbers`,
    );
  }
  checkNumbers(op, first);
  checkNumbers(op, second);
  return Array.from(first, (score, i) => score - second[i]);
}
