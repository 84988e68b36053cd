import { ValueError } from '../core/errors.js';

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
