// Sine, cosine, tangent and their inverses of float32: see math.h.
#pragma once
#include "simd/floats.h"

namespace adjoint::ADJOINT_ISA::math {

// x = n · π/2 + r, |r| ≤ π/4, in double: π/2 as 33 + 53 bits (musl, __rem_pio2f.c). Valid up to kSinRange.
constexpr float kSinRange = 134217728.0f;
struct Quadrant {
  int32_t n;
  double r;
};
ADJOINT_INLINE Quadrant reduced_angle(float x) {
  constexpr double magic = 6755399441055744.0;
  const double wide = x, shifted = fma(wide, 0.63661977236758134308, magic), n = shifted - magic;
  const double r = fma(n, -1.58932547735281966916e-08, fma(n, -1.57079631090164184570, wide));
  return {static_cast<int32_t>(bits(shifted)), r};
}

// sin(r + quadrant · π/2), |r| ≤ π/4, by minimax polynomials of our own (as erf's; relative errors 1e-8 and 2e-10).
ADJOINT_INLINE float sin_in(int32_t quadrant, double angle) {
  const float r = static_cast<float>(angle), z = r * r;
  const float s = fma(r * z, fma(fma(-1.9514958e-4f, z, 8.33215844e-3f), z, -1.66666552e-1f), r);
  const float c = fma(z * z, fma(fma(2.44327857e-5f, z, -1.3887313e-3f), z, 4.16666456e-2f), fma(z, -0.5f, 1.0f));
  const float y = quadrant & 1 ? c : s;
  return from_bits(bits(y) ^ static_cast<int32_t>(static_cast<uint32_t>(quadrant & 2) << 30));
}

// sin x, cos x: ≤ 1.6 ULP for |x| ≤ kSinRange; beyond, meaningless: the caller takes sin_far, cos_far.
ADJOINT_INLINE float sin(float x) {
  const Quadrant q = reduced_angle(x);
  return x == 0.0f ? x : sin_in(q.n, q.r);
}
ADJOINT_INLINE float cos(float x) {
  const Quadrant q = reduced_angle(x);
  return sin_in(q.n + 1, q.r);
}
ADJOINT_INLINE float sin_far(float x) { return __builtin_sinf(x); }
ADJOINT_INLINE float cos_far(float x) { return __builtin_cosf(x); }

// tan x: ≤ 2 ULP for |x| ≤ kSinRange; beyond, tan_far. r + r³ · P(r²), and −1 / tan r in odd quadrants.
ADJOINT_INLINE float tan(float x) {
  const Quadrant q = reduced_angle(x);
  const float r = static_cast<float>(q.r), rest = static_cast<float>(q.r - r), z = r * r;
  float p = 4.38167946e-3f;
  p = fma(p, z, 7.88620237e-5f);
  p = fma(p, z, 1.08440034e-2f);
  p = fma(p, z, 2.1279119e-2f);
  p = fma(p, z, 5.40604927e-2f);
  p = fma(p, z, 1.3332659e-1f);
  p = fma(p, z, 3.33333492e-1f);
  // What the two roundings lost enters the result, of which a quotient would make more than 2 ULP.
  const float t = fma(r * z, p, r), lost = fma(fma(t, t, 1.0f), rest, fma(r * z, p, r - t)), inverse = 1.0f / t;
  const float y = q.n & 1 ? fma(inverse * inverse, lost, -inverse) : t + lost;
  return x == 0.0f ? x : y;
}
ADJOINT_INLINE float tan_far(float x) { return __builtin_tanf(x); }

// π/2 and what it lacks as a float32.
constexpr float kHalfPi = 1.57079637f, kHalfPiRest = -4.37113883e-8f;

// arctan t, 0 ≤ t ≤ 1: t + t³ · P(t²), P minimax (relative error 8e-9).
ADJOINT_INLINE float atan_unit(float t) {
  const float z = t * t;
  float p = -1.79362227e-3f;
  p = fma(p, z, 1.09146088e-2f);
  p = fma(p, z, -3.11778504e-2f);
  p = fma(p, z, 5.79576008e-2f);
  p = fma(p, z, -8.403451e-2f);
  p = fma(p, z, 1.09521858e-1f);
  p = fma(p, z, -1.42642434e-1f);
  p = fma(p, z, 1.99985489e-1f);
  p = fma(p, z, -3.33332986e-1f);
  return fma(t * z, p, t);
}

// atan x: ≤ 2 ULP.
ADJOINT_INLINE float atan(float x) {
  const float magnitude = absolute(x);
  const bool steep = magnitude > 1.0f;
  const float y = atan_unit(select(steep, 1.0f / magnitude, magnitude));
  return with_sign_of(select(steep, (kHalfPi - y) + kHalfPiRest, y), x);
}

// The angle of (b, a) from the positive b axis: ≤ 2 ULP.
ADJOINT_INLINE float atan2(float a, float b) {
  const float height = absolute(a), width = absolute(b);
  const bool steep = height > width;
  const float shorter = select(steep, width, height), longer = select(steep, height, width);
  // 0 / 0 is 0 here, ∞ / ∞ is 1.
  const float ratio = select(shorter == longer, select(longer == 0.0f, 0.0f, 1.0f), shorter / longer);
  const float angle = atan_unit(ratio);
  const float up = select(steep, (kHalfPi - angle) + kHalfPiRest, angle);
  const float y = select(bits(b) < 0, (2 * kHalfPi - up) + 2 * kHalfPiRest, up);
  return with_sign_of(y, a);
}

// What arcsine and arccosine have in common: arcsin m of m ≤ ½, else arcsin √((1 − m) / 2), which is (π/2 − arcsin m) / 2;
// s + s³ · P(s²), P minimax (relative error 9e-10). NaN above 1.
ADJOINT_INLINE float arc_of(float magnitude) {
  // The root of a square is the number itself, and no branch keeps the root out of vectors.
  const float z = magnitude > 0.5f ? 0.5f - 0.5f * magnitude : magnitude * magnitude, s = __builtin_sqrtf(z);
  float p = 3.75293829e-2f;
  p = fma(p, z, 1.44298365e-2f);
  p = fma(p, z, 3.18099111e-2f);
  p = fma(p, z, 4.45167087e-2f);
  p = fma(p, z, 7.50050545e-2f);
  p = fma(p, z, 1.66666597e-1f);
  return fma(s * z, p, s);
}

// asin x: ≤ 2 ULP. Below 2⁻¹³ it is x to half an ULP, and squares would leave the range of normal numbers.
ADJOINT_INLINE float asin(float x) {
  const float magnitude = absolute(x), arc = arc_of(magnitude);
  const float y = magnitude > 0.5f ? (kHalfPi - 2.0f * arc) + kHalfPiRest : arc;
  return magnitude < 0x1p-13f ? x : with_sign_of(y, x);
}

// acos x: ≤ 2 ULP.
ADJOINT_INLINE float acos(float x) {
  const float magnitude = absolute(x), arc = arc_of(magnitude);
  const float near = (kHalfPi - with_sign_of(arc, x)) + kHalfPiRest;
  const float far = select(x < 0.0f, (2 * kHalfPi - 2.0f * arc) + 2 * kHalfPiRest, 2.0f * arc);
  return select(magnitude > 0.5f, far, near);
}

}  // namespace adjoint::ADJOINT_ISA::math
