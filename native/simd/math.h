// Elementary functions without branches, so that the compiler turns a loop over them into vector code: float32 here, the
// rest and float64 through the C library. A bound in ULP holds for every float32 and every instruction set; the
// instruction sets may differ within it, because one has a fused multiply-add and another has not.
//
// The library is called by the compiler's builtins: the overloads of <cmath> are inline functions, of which the linker
// keeps one copy for all instruction sets.
#pragma once
#include <cstdint>
#include <cstring>

#include "simd/inline.h"

namespace adjoint::ADJOINT_ISA::math {

constexpr float kInfinity = __builtin_inff();
constexpr float kNaN = __builtin_nanf("");

ADJOINT_INLINE int32_t bits(float x) {
  int32_t b;
  std::memcpy(&b, &x, 4);
  return b;
}
ADJOINT_INLINE float from_bits(int32_t b) {
  float x;
  std::memcpy(&x, &b, 4);
  return x;
}
ADJOINT_INLINE int64_t bits(double x) {
  int64_t b;
  std::memcpy(&b, &x, 8);
  return b;
}
ADJOINT_INLINE double from_bits(int64_t b) {
  double x;
  std::memcpy(&x, &b, 8);
  return x;
}

// condition ? a : b by masking: for chains of conditions, of which the compiler would make jumps.
ADJOINT_INLINE float select(bool condition, float a, float b) {
  const int32_t mask = -static_cast<int32_t>(condition);
  return from_bits((bits(a) & mask) | (bits(b) & ~mask));
}

// a · b + c, in one rounding where the instruction exists.
ADJOINT_INLINE float fma(float a, float b, float c) {
#ifdef __FMA__
  return __builtin_fmaf(a, b, c);
#else
  return a * b + c;
#endif
}
ADJOINT_INLINE double fma(double a, double b, double c) {
#ifdef __FMA__
  return __builtin_fma(a, b, c);
#else
  return a * b + c;
#endif
}

// |x| ≤ 2²² to the nearest whole number, as a number and as an integer: adding 1.5 · 2²³ leaves no bits for a fraction.
struct Rounded {
  float value;
  int32_t whole;
};
ADJOINT_INLINE Rounded round_small(float x) {
  constexpr float magic = 12582912.0f;
  const float shifted = x + magic;
  return {shifted - magic, static_cast<int32_t>(static_cast<uint32_t>(bits(shifted)) - static_cast<uint32_t>(bits(magic)))};
}

// 2ⁿ, −126 ≤ n ≤ 127.
ADJOINT_INLINE float power_of_two(int32_t n) { return from_bits((n + 127) << 23); }

// x = n · ln 2 + r, |r| ≤ ln 2 / 2, and eʳ = 1 + r + tail by a polynomial of degree 7 (Cephes, expf.c, Moshier 1989).
struct Exponent {
  int32_t n;
  float r, tail;
};
ADJOINT_INLINE Exponent reduced_exp(float x) {
  const Rounded n = round_small(x * 1.44269504088896341f);
  float r = fma(n.value, -0.693359375f, x);
  r = fma(n.value, 2.12194440e-4f, r);
  float p = 1.9875691500e-4f;
  p = fma(p, r, 1.3981999507e-3f);
  p = fma(p, r, 8.3334519073e-3f);
  p = fma(p, r, 4.1665795894e-2f);
  p = fma(p, r, 1.6666665459e-1f);
  p = fma(p, r, 5.0000001201e-1f);
  return {n.whole, r, p * (r * r)};
}

// eˣ: ≤ 1 ULP; 0 below −103.97, ∞ above 88.72.
ADJOINT_INLINE float exp(float x) {
  const float within = x > -104.0f ? (x < 89.0f ? x : 89.0f) : -104.0f;
  const Exponent e = reduced_exp(within);
  // Two steps, because 2ⁿ alone leaves the range of normal numbers before the result does.
  const int32_t half = e.n >> 1;
  const float sum = 1.0f + e.r, lost = e.r - (sum - 1.0f);
  const float y = (sum + (e.tail + lost)) * power_of_two(half) * power_of_two(e.n - half);
  return x != x ? x : x > 88.7228317f ? kInfinity : x < -103.972076f ? 0.0f : y;
}

// eˣ − 1: ≤ 2 ULP.
ADJOINT_INLINE float expm1(float x) {
  const float within = x > -18.0f ? (x < 89.0f ? x : 89.0f) : -18.0f;
  const Exponent e = reduced_exp(within);
  // 2ⁿ⁻¹ and doubled, because n reaches 128.
  const float scale = power_of_two(e.n - 1);
  const float y = fma(e.r + e.tail, scale, scale - 0.5f) * 2.0f;
  const float magnitude = x < 0.0f ? -x : x;
  return magnitude < 2.9802322e-8f || x != x ? x : x > 88.7228317f ? kInfinity : y;
}

// x = 2ᵏ · (1 + f) with 1 + f from √½ to √2, for x that is positive, finite and normal.
struct Logarithm {
  float k, f;
};
ADJOINT_INLINE Logarithm reduced_log(float x) {
  const int32_t b = static_cast<int32_t>(static_cast<uint32_t>(bits(x)) - 0x3f3504f3u);  // wraps where x is negative
  return {static_cast<float>(b >> 23), from_bits((b & 0x007fffff) + 0x3f3504f3) - 1.0f};
}

// log(1 + f) − f for 1 + f from √½ to √2 (Cephes, logf.c, Moshier 1989).
ADJOINT_INLINE float log_tail(float f) {
  float p = 7.0376836292e-2f;
  p = fma(p, f, -1.1514610310e-1f);
  p = fma(p, f, 1.1676998740e-1f);
  p = fma(p, f, -1.2420140846e-1f);
  p = fma(p, f, 1.4249322787e-1f);
  p = fma(p, f, -1.6668057665e-1f);
  p = fma(p, f, 2.0000714765e-1f);
  p = fma(p, f, -2.4999993993e-1f);
  p = fma(p, f, 3.3333331174e-1f);
  const float square = f * f;
  return fma(p * f, square, -0.5f * square);
}

// Scales a denormal up to a normal number; `shift` is what its exponent then has too much.
ADJOINT_INLINE float normalised(float x, float& shift) {
  const bool denormal = x < 1.17549435e-38f;
  shift = denormal ? 23.0f : 0.0f;
  return denormal ? x * 8388608.0f : x;
}

// The logarithm's values at the ends of its domain, where y is its value in between.
ADJOINT_INLINE float log_ends(float x, float y) {
  return x > 0.0f ? (x < kInfinity ? y : x) : x == 0.0f ? -kInfinity : kNaN;
}

// log x: ≤ 1 ULP.
ADJOINT_INLINE float log(float x) {
  float shift;
  const Logarithm part = reduced_log(normalised(x, shift));
  const float k = part.k - shift;
  // ln 2 in two parts; the first times k is exact.
  const float tail = fma(k, -2.12194440e-4f, log_tail(part.f));
  return log_ends(x, fma(k, 0.693359375f, part.f + tail));
}

// log₂ x: ≤ 2 ULP; exact for powers of 2.
ADJOINT_INLINE float log2(float x) {
  float shift;
  const Logarithm part = reduced_log(normalised(x, shift));
  const float k = part.k - shift;
  const float tail = log_tail(part.f);
  // log₂ e − 1, so that f itself enters without a rounding (Cephes, log2f.c).
  constexpr float excess = 0.44269504088896340735992f;
  const float fraction = fma(tail, excess, fma(part.f, excess, tail)) + part.f;
  return log_ends(x, k + fraction);
}

// log(1 + x): ≤ 1 ULP.
ADJOINT_INLINE float log1p(float x) {
  const float u = 1.0f + x;
  const Logarithm part = reduced_log(u);
  // What the addition lost, relative to u; nothing is lost of an x that needs no reduction (musl, log1pf.c).
  const float lost = select(x > 1.0f, 1.0f - (u - x), x - (u - 1.0f)) / u;
  const bool direct = part.k == 0.0f;
  const float f = select(direct, x, part.f);
  const float tail = fma(part.k, -2.12194440e-4f, log_tail(f) + select(direct, 0.0f, lost));
  const float y = fma(part.k, 0.693359375f, f + tail);
  return log_ends(u, select(x == 0.0f, x, y));
}

ADJOINT_INLINE float with_sign_of(float magnitude, float x) {
  return from_bits(bits(magnitude) | (bits(x) & static_cast<int32_t>(0x80000000)));
}
ADJOINT_INLINE float absolute(float x) { return from_bits(bits(x) & 0x7fffffff); }

// 2ⁿ and eʳ − 1 with x = n · ln 2 + r, for −104 ≤ x ≤ 0: eˣ without what exp does for its ends. Of a NaN the second is NaN.
struct Decay {
  int32_t n;
  float rest;
};
ADJOINT_INLINE Decay reduced_decay(float x) {
  const Exponent e = reduced_exp(x);
  return {e.n, e.r + e.tail};
}

// tanh x = −t / (t + 2), t = e^(−2|x|) − 1: ≤ 2.5 ULP. From −20 on t is −1.
ADJOINT_INLINE float tanh(float x) {
  const float twice = -2.0f * absolute(x);
  const Decay e = reduced_decay(twice < -20.0f ? -20.0f : twice);
  const float scale = power_of_two(e.n);
  const float t = fma(e.rest, scale, scale - 1.0f);
  return with_sign_of(-t / (t + 2.0f), x);
}

// 1 / (1 + e⁻ˣ): ≤ 2.5 ULP. By e^−|x|, which does not overflow.
ADJOINT_INLINE float sigmoid(float x) {
  const float below = -absolute(x);
  const Decay d = reduced_decay(below < -104.0f ? -104.0f : below);
  // Two steps, because 2ⁿ alone leaves the range of normal numbers before the result does.
  const int32_t half = d.n >> 1;
  const float e = (1.0f + d.rest) * power_of_two(half) * power_of_two(d.n - half);
  return (x >= 0.0f ? 1.0f : e) / (1.0f + e);
}

// log(1 + eˣ): ≤ 2 ULP.
ADJOINT_INLINE float softplus(float x) {
  const float tail = log1p(exp(-absolute(x)));
  return x > 0.0f ? x + tail : tail;
}

// erf x: ≤ 2 ULP. Below 15/16 x · P(x²), above 1 − e^(−t · Q(t)), t = |x|; minimax polynomials of our own (Lawson's
// iteration on 400 Chebyshev nodes; largest relative errors 2e-8 and 3e-9).
ADJOINT_INLINE float erf(float x) {
  const float magnitude = absolute(x);
  const float square = x * x;
  float p = -5.91941294e-4f;
  p = fma(p, square, 4.97912942e-3f);
  p = fma(p, square, -2.67570335e-2f);
  p = fma(p, square, 1.12815522e-1f);
  p = fma(p, square, -3.76124680e-1f);
  p = fma(p, square, 1.28379151e-1f);
  const float inner = fma(p, x, x);
  const float t = magnitude < 4.0f ? magnitude : 4.0f;
  float q = -2.13377192e-4f;
  q = fma(q, t, 3.20992246e-3f);
  q = fma(q, t, -2.28737406e-2f);
  q = fma(q, t, 1.05236389e-1f);
  q = fma(q, t, 6.35737777e-1f);
  q = fma(q, t, 1.28508568e-1f);
  const float outer = with_sign_of(1.0f - exp(-fma(q, t, t)), x);
  return magnitude < 0.9375f || x != x ? inner : outer;
}

// x = n · π/2 + r, |r| ≤ π/4, in double: π/2 as 33 + 53 bits (musl, __rem_pio2f.c). Valid up to kSinRange.
constexpr float kSinRange = 134217728.0f;
struct Quadrant {
  int64_t n;
  double r;
};
ADJOINT_INLINE Quadrant reduced_angle(float x) {
  constexpr double magic = 6755399441055744.0;
  const double shifted = x * 0.63661977236758134308 + magic;
  const double n = shifted - magic;
  return {bits(shifted), x - n * 1.57079631090164184570 - n * 1.58932547735281966916e-08};
}

// sin(r + quadrant · π/2), by Taylor polynomials of degree 9 and 10: relative error below 2e-9.
ADJOINT_INLINE float sin_in(int64_t quadrant, double r) {
  const double z = r * r;
  const double s = r * (1 + z * (-1.0 / 6 + z * (1.0 / 120 + z * (-1.0 / 5040 + z * (1.0 / 362880)))));
  const double c = 1 + z * (-0.5 + z * (1.0 / 24 + z * (-1.0 / 720 + z * (1.0 / 40320 - z * (1.0 / 3628800)))));
  const double y = quadrant & 1 ? c : s;
  return static_cast<float>(quadrant & 2 ? -y : y);
}

// sin x, cos x: ≤ 1 ULP for |x| ≤ kSinRange; beyond, meaningless: the caller takes sin_far, cos_far.
ADJOINT_INLINE float sin(float x) {
  const Quadrant q = reduced_angle(x);
  return sin_in(q.n, q.r);
}
ADJOINT_INLINE float cos(float x) {
  const Quadrant q = reduced_angle(x);
  return sin_in(q.n + 1, q.r);
}
ADJOINT_INLINE float sin_far(float x) { return __builtin_sinf(x); }
ADJOINT_INLINE float cos_far(float x) { return __builtin_cosf(x); }

// aᵇ = 2^(b · log₂|a|) in double, with IEEE 754's values at the ends: ≤ 1 ULP.
ADJOINT_INLINE float pow(float a, float b) {
  const float base = absolute(a);
  float shift;
  const Logarithm part = reduced_log(normalised(base, shift));
  // log m = 2 artanh s, s = (m − 1) / (m + 1), |s| ≤ 0.172: the series to s¹⁵.
  const double s = static_cast<double>(part.f) / (2.0 + part.f);
  const double z = s * s;
  double series = 1.0 / 15;
  series = series * z + 1.0 / 13;
  series = series * z + 1.0 / 11;
  series = series * z + 1.0 / 9;
  series = series * z + 1.0 / 7;
  series = series * z + 1.0 / 5;
  series = series * z + 1.0 / 3;
  series = series * z + 1.0;
  const double inner = part.k - shift + 2.88539008177792681472 * (s * series);
  const double logarithm = base > 0.0f ? (base < kInfinity ? inner : __builtin_inf()) : -__builtin_inf();

  const double product = b * logarithm;
  const double t = product > -200 ? (product < 200 ? product : 200) : -200;
  constexpr double magic = 6755399441055744.0;
  const double shifted = t + magic;
  const double r = (t - (shifted - magic)) * 0.69314718055994530942;
  double p = 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  const double scale = from_bits(static_cast<int64_t>(static_cast<uint64_t>(bits(shifted) - bits(magic) + 1023) << 52));
  const float magnitude = static_cast<float>(p * scale);

  const float far = select(absolute(b) < 16777216.0f, b, 16777216.0f);  // from 2²⁴ on every float32 is even
  const int32_t whole = static_cast<int32_t>(far);
  const bool fraction = static_cast<float>(whole) != far;
  // The sign bit of a, if b is odd.
  const int32_t sign = bits(a) & (fraction ? 0 : static_cast<int32_t>(static_cast<uint32_t>(whole) << 31));
  const float y = from_bits(bits(select(base == 1.0f, 1.0f, magnitude)) | sign);
  const bool nowhere = fraction & (a < 0.0f) & (base < kInfinity);
  const bool one = (b == 0.0f) | (a == 1.0f);
  return select(one, 1.0f, select(nowhere | (a != a) | (b != b), kNaN, y));
}

// The rest, and float64, from the C library: within its bounds (glibc: ≤ 2 ULP).
#define LIBRARY64(name) \
  ADJOINT_INLINE double name(double x) { return __builtin_##name(x); }
#define LIBRARY(name) \
  LIBRARY64(name)     \
  ADJOINT_INLINE float name(float x) { return __builtin_##name##f(x); }

LIBRARY64(exp)
LIBRARY64(expm1)
LIBRARY64(log)
LIBRARY64(log2)
LIBRARY64(log1p)
LIBRARY64(tanh)
LIBRARY64(erf)
LIBRARY64(sin)
LIBRARY64(cos)
LIBRARY(tan)
LIBRARY(asin)
LIBRARY(acos)
LIBRARY(atan)
LIBRARY(sinh)
LIBRARY(cosh)
LIBRARY(asinh)
LIBRARY(acosh)
LIBRARY(atanh)
LIBRARY(sqrt)
LIBRARY(floor)
LIBRARY(ceil)
LIBRARY(rint)
LIBRARY(trunc)

#undef LIBRARY
#undef LIBRARY64

ADJOINT_INLINE double absolute(double x) { return __builtin_fabs(x); }
ADJOINT_INLINE double sigmoid(double x) {
  const double e = exp(-absolute(x));
  return (x >= 0.0 ? 1.0 : e) / (1.0 + e);
}
ADJOINT_INLINE double softplus(double x) {
  const double tail = log1p(exp(-absolute(x)));
  return x > 0.0 ? x + tail : tail;
}
ADJOINT_INLINE double pow(double a, double b) { return __builtin_pow(a, b); }
ADJOINT_INLINE double atan2(double a, double b) { return __builtin_atan2(a, b); }
ADJOINT_INLINE float atan2(float a, float b) { return __builtin_atan2f(a, b); }
}  // namespace adjoint::ADJOINT_ISA::math
