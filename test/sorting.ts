import { at } from './axes.js';
import type { Plain } from './harness.js';

/** The elements of the line along an axis that a place of x, or of a result whose axis it keeps, is on. */
export function lineAt(x: Plain, index: readonly number[], axis: number): { line: number[]; along: number } {
  const along = axis < 0 ? axis + x.shape.length : axis;
  const line = Array.from({ length: x.shape[along] }, (_, i) => at(x, index.with(along, i)));
  return { line, along };
}
