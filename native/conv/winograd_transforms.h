// The transforms of F(4, 3), four outputs of a filter of three taps from six inputs by six products instead of twelve:
// y = Aᵀ [(G g) ⊙ (Bᵀ d)] (Winograd 1980, "Arithmetic Complexity of Computations"; Lavin and Gray 2015,
// arXiv:1509.09308, section 4.1). The polynomials are interpolated at 0, ±a, ±b and ∞ with a = 5/8 and b = 3/2, whose
// squares and products float32 holds exactly: less than half of the error of 0, ±1, ±2, ∞, and the least among a dozen
// symmetric ones that were tried.
#pragma once
#include "simd/vec.h"

namespace adjoint::ADJOINT_ISA::conv {

constexpr int kTileOutputs = 4, kTileInputs = 6, kTileTaps = 3;

namespace points {
constexpr float a = 5.0f / 8, b = 3.0f / 2, aa = a * a, bb = b * b;
}  // namespace points

using Floats = Vec<float>;

using ADJOINT_ISA::fma;
INLINE Floats fma(float factor, Floats x, Floats y) { return fma(broadcast(factor), x, y); }

// Bᵀ d: the row of point p has the coefficients of Π (x − q) over the others q, that of ∞ over all.
INLINE void transform_inputs(Floats (&d)[kTileInputs]) {
  using namespace points;
  const Floats even_a = fma(-bb, d[2], d[4]), odd_a = fma(-bb, d[1], d[3]);
  const Floats even_b = fma(-aa, d[2], d[4]), odd_b = fma(-aa, d[1], d[3]);
  d[0] = fma(aa * bb, d[0], fma(-(aa + bb), d[2], d[4]));
  d[5] = fma(aa * bb, d[1], fma(-(aa + bb), d[3], d[5]));
  d[1] = fma(a, odd_a, even_a);
  d[2] = fma(-a, odd_a, even_a);
  d[3] = fma(b, odd_b, even_b);
  d[4] = fma(-b, odd_b, even_b);
}

// G g: the filter's polynomial at each point p over Π (p − q).
INLINE void transform_taps(const Floats (&g)[kTileTaps], Floats (&u)[kTileInputs]) {
  using namespace points;
  constexpr float at_zero = 1 / (aa * bb), at_a = 1 / (2 * aa * (aa - bb)), at_b = 1 / (2 * bb * (bb - aa));
  u[0] = broadcast(at_zero) * g[0];
  const Floats even_a = fma(aa, g[2], g[0]), even_b = fma(bb, g[2], g[0]);
  u[1] = broadcast(at_a) * fma(a, g[1], even_a);
  u[2] = broadcast(at_a) * fma(-a, g[1], even_a);
  u[3] = broadcast(at_b) * fma(b, g[1], even_b);
  u[4] = broadcast(at_b) * fma(-b, g[1], even_b);
  u[5] = g[2];
}

// Aᵀ m: row i has the powers pⁱ.
INLINE void transform_products(const Floats (&m)[kTileInputs], Floats (&y)[kTileOutputs]) {
  using namespace points;
  const Floats even_a = m[1] + m[2], odd_a = m[1] - m[2], even_b = m[3] + m[4], odd_b = m[3] - m[4];
  y[0] = m[0] + (even_a + even_b);
  y[1] = fma(b, odd_b, broadcast(a) * odd_a);
  y[2] = fma(bb, even_b, broadcast(aa) * even_a);
  y[3] = fma(b * bb, odd_b, fma(a * aa, odd_a, m[5]));
}

}  // namespace adjoint::ADJOINT_ISA::conv
