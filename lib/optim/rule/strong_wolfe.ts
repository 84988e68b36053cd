/** A point on a line: how far along, and the function's value and slope there. */
export interface Trial {
  readonly t: number;
  readonly value: number;
  readonly slope: number;
}

export interface WolfeOptions {
  /** Sufficient decrease: φ(t) ≤ φ(0) + c₁ t φ′(0); default 10⁻⁴. */
  c1?: number;
  /** Curvature: |φ′(t)| ≤ c₂ |φ′(0)|; default 0.9. */
  c2?: number;
  /** At most so many calls of φ; ≥ 1; default 25. */
  evaluations?: number;
  /** Error of the values: near a minimum, where they differ by no more, the slopes decide. Default 0. */
  rounding?: number;
  /** Gives up on a bracket that is shorter than this; default 0. */
  shortest?: number;
}

/**
 * Looks along a line for a t > 0 that meets the strong Wolfe conditions. Where the calls or the numbers' precision do not
 * suffice, it returns the lowest point with a sufficient decrease that it has seen, which is `start` if there was none.
 *
 *   φ(t) ≤ φ(0) + c₁ t φ′(0)    and    |φ′(t)| ≤ c₂ |φ′(0)|,    c₁ = 10⁻⁴, c₂ = 0.9
 *
 * A value or slope that is NaN or infinite counts as too high: the search comes back from beyond a function's domain.
 *
 * @param phi    the function along the line
 * @param start  its value and its slope, < 0, at t = 0
 * @param first  the first t to try, > 0
 * @source Nocedal, Wright 2006, "Numerical Optimization", 2nd edition, algorithms 3.5 and 3.6 in one loop: the second
 *         is at work once there is a `high`
 */
export function strongWolfe<T extends Trial>(
  phi: (t: number) => T,
  start: T,
  first: number,
  { c1 = 1e-4, c2 = 0.9, evaluations = 25, shortest = 0, rounding = 0 }: WolfeOptions = {},
): T {
  const tooHigh = ({ t, value, slope }: T, low: T): boolean =>
    !Number.isFinite(value) ||
    !Number.isFinite(slope) ||
    value > start.value + c1 * t * start.slope + rounding ||
    (low !== start && value >= low.value + rounding);

  let low = start;
  let high: T | undefined;
  let t = first;
  for (let left = evaluations; left > 0; left--) {
    const trial = phi(t);
    const before = low;
    if (tooHigh(trial, low)) {
      high = trial;
    } else {
      if (Math.abs(trial.slope) <= -c2 * start.slope) return trial;
      low = trial;
      // The slope at the new lowest point tells on which side of it the line goes down.
      if (high === undefined ? trial.slope >= 0 : trial.slope * (high.t - before.t) >= 0) high = before;
    }
    if (high === undefined) {
      t = clamp(cubicMinimum(before, low), 2 * low.t, 10 * low.t);
    } else {
      const width = high.t - low.t;
      if (Math.abs(width) <= shortest) break;
      t = clamp(cubicMinimum(low, high), low.t + 0.1 * width, high.t - 0.1 * width);
      if (t === low.t || t === high.t) break;
    }
  }
  return low;
}

/** The minimum of the cubic through two points with their slopes: equation 3.59; NaN where it has none. */
function cubicMinimum(a: Trial, b: Trial): number {
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.t - b.t);
  const d2 = Math.sign(b.t - a.t) * Math.sqrt(d1 * d1 - a.slope * b.slope);
  return b.t - ((b.t - a.t) * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
}

/** The nearest number between two bounds, given in either order; their middle for NaN. */
function clamp(t: number, a: number, b: number): number {
  if (Number.isNaN(t)) return (a + b) / 2;
  return Math.min(Math.max(t, Math.min(a, b)), Math.max(a, b));
}
