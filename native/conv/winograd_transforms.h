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

// Four floats of one tile's row.
typedef float Quad __attribute__((vector_size(16)));
constexpr int kQuads = kLanes<float> / 4;

INLINE Floats join(const float* const (&from)[kQuads]) {
  Quad quads[kQuads];
  for (int i = 0; i < kQuads; i++) std::memcpy(&quads[i], from[i], sizeof(Quad));
  Floats result;
  std::memcpy(&result, quads, sizeof result);
  return result;
}

// a₀ b₀ a₁ b₁ (zip_first) or a₂ b₂ a₃ b₃ (zip_last) of each quad.
template <typename V>
INLINE V zip_first(V a, V b) {
  if constexpr (kQuads == 1) return __builtin_shufflevector(a, b, 0, 4, 1, 5);
  else if constexpr (kQuads == 2) return __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
  else return __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
}
template <typename V>
INLINE V zip_last(V a, V b) {
  if constexpr (kQuads == 1) return __builtin_shufflevector(a, b, 2, 6, 3, 7);
  else if constexpr (kQuads == 2) return __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
  else return __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
}

// Transposes the squares of 4 × 4 that lie side by side in four vectors.
INLINE void transpose_squares(Floats (&v)[4]) {
  const Floats even_first = zip_first(v[0], v[2]), even_last = zip_last(v[0], v[2]);
  const Floats odd_first = zip_first(v[1], v[3]), odd_last = zip_last(v[1], v[3]);
  v[0] = zip_first(even_first, odd_first), v[1] = zip_last(even_first, odd_first);
  v[2] = zip_first(even_last, odd_last), v[3] = zip_last(even_last, odd_last);
}

}  // namespace adjoint::ADJOINT_ISA::conv
