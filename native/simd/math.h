// Elementary functions without branches, so that the compiler turns a loop over them into vector code.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

namespace adjoint::ADJOINT_ISA::math {

// a · b + c, in one rounding where the instruction exists.
inline float fma(float a, float b, float c) {
#ifdef __FMA__
  return __builtin_fmaf(a, b, c);
#else
  return a * b + c;
#endif
}

inline double exp(double x) { return std::exp(x); }

// exp in float32: ≤ 1 ULP over the whole range; 0 below −103.97, ∞ above 88.72. x = n · ln 2 + r, |r| ≤ ln 2 / 2, and a
// polynomial of degree 6 for eʳ (Cephes, expf.c, Moshier 1989).
inline float exp(float x) {
  const float n = __builtin_rintf(x * 1.44269504088896341f);
  float r = fma(n, -0.693359375f, x);
  r = fma(n, 2.12194440e-4f, r);
  float p = 1.9875691500e-4f;
  p = fma(p, r, 1.3981999507e-3f);
  p = fma(p, r, 8.3334519073e-3f);
  p = fma(p, r, 4.1665795894e-2f);
  p = fma(p, r, 1.6666665459e-1f);
  p = fma(p, r, 5.0000001201e-1f);
  p = fma(p, r * r, r) + 1.0f;
  // Two steps, because 2ⁿ alone leaves the range of normal numbers before the result does.
  const int32_t whole = static_cast<int32_t>(n < -150.0f ? -150.0f : n > 129.0f ? 129.0f : n);
  const int32_t half = whole / 2;
  const int32_t bits1 = (half + 127) << 23, bits2 = (whole - half + 127) << 23;
  float scale1, scale2;
  std::memcpy(&scale1, &bits1, 4);
  std::memcpy(&scale2, &bits2, 4);
  const float y = p * scale1 * scale2;
  return x != x ? x : x > 88.7228317f ? __builtin_inff() : x < -103.972076f ? 0.0f : y;
}

}  // namespace adjoint::ADJOINT_ISA::math
