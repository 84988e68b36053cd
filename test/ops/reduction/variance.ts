/** Σ (x − mean x)² / (n − correction), NaN where that divides by nothing. */
export function varianceOf(values: number[], correction: number): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const freedom = values.length - correction;
  return freedom > 0 ? values.reduce((total, x) => total + (x - mean) ** 2, 0) / freedom : Number.NaN;
}
