import type { Sample } from '../../harness.js';
import { reducing, reductionSamples } from '../../reduction.js';

/** Σ (x − mean x)² / (n − correction), NaN where that divides by nothing. */
export function varianceOf(values: number[], correction: number): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const freedom = values.length - correction;
  return freedom > 0 ? values.reduce((total, x) => total + (x - mean) ** 2, 0) / freedom : Number.NaN;
}

/** One element has no variance: NaN, which finite differences cannot tell from a wrong gradient. */
export const varianceSamples: Sample[] = reductionSamples().map(({ operands, args = [] }) => {
  const [{ shape }] = operands;
  const zeros = { shape, data: new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0) };
  const counts = reducing((values) => values.length)([zeros], ...(args as [number, object])).data;
  return { operands, args, smooth: counts.every((n) => n > 1) };
});
