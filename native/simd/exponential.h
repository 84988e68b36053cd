// Exponentials and logarithms of float32, and what is made of them: see math.h.
#pragma once
#include "simd/floats.h"

namespace adjoint::ADJOINT_ISA::math {

// x = n · ln 2 + r, |r| ≤ 0.347, and eʳ − 1 by a minimax polynomial of degree 6 of our own (as erf's;
// relative error 4e-9), for |x| < 2²².
struct Exponent {
  uint32_t biased;  // 0x4b400000 + n + 254
  float below;      // eʳ − 1
};
ADJOINT_INLINE Exponent reduced_exp(float x) {
  // Adding 1.5 · 2²³ leaves no bits for a fraction.
  constexpr float magic = 12582912.0f + 254.0f;
  const float shifted = fma(x, 1.44269504088896341f, magic), n = shifted - magic;
  float r = fma(n, -0.693359375f, x);
  r = fma(n, 2.12194440e-4f, r);
  float p = 1.38142216e-3f;
  p = fma(p, r, 8.36889911e-3f);
  p = fma(p, r, 4.16684039e-2f);
  p = fma(p, r, 1.66665196e-1f);
  p = fma(p, r, 4.9999994e-1f);
  return {static_cast<uint32_t>(bits(shifted)), fma(r * r, p, r)};
}

// eˣ: ≤ 1 ULP; 0 below −103.97, ∞ above 88.72.
ADJOINT_INLINE float exp(float x) {
  const Exponent e = reduced_exp(x);
  // Two steps, because 2ⁿ alone leaves the range of normal numbers before the result does: n / 2 + 127, and the rest.
  const uint32_t half = e.biased >> 1, rest = e.biased - half;
  const float y = (1.0f + e.below) * from_bits(static_cast<int32_t>(half << 23)) * from_bits(static_cast<int32_t>(rest << 23));
  const float below = x > 88.7228317f ? kInfinity : y;
  return x < -103.972076f ? 0.0f : below;
}

// eˣ for |x| < 87: ≤ 1 ULP.
ADJOINT_INLINE float exp_within(float x) {
  const Exponent e = reduced_exp(x);
  return (1.0f + e.below) * from_bits(static_cast<int32_t>((e.biased - 127) << 23));
}

// eˣ − 1: ≤ 2 ULP.
ADJOINT_INLINE float expm1(float x) {
  const Exponent e = reduced_exp(x);
  // 2ⁿ⁻¹ and doubled, because n reaches 128.
  const float scale = from_bits(static_cast<int32_t>((e.biased - 128) << 23));
  const float y = fma(e.below, scale, scale - 0.5f) * 2.0f;
  const float below = x > 88.7228317f ? kInfinity : y, within = x < -18.0f ? -1.0f : below;
  return absolute(x) < 2.9802322e-8f ? x : within;
}

// eˣ − 1 for x ≤ 0: ≤ 2 ULP. From −20 on it is −1.
ADJOINT_INLINE float expm1_below(float x) {
  const Exponent e = reduced_exp(x < -20.0f ? -20.0f : x);
  const float scale = from_bits(static_cast<int32_t>((e.biased - 127) << 23));
  return fma(e.below, scale, scale - 1.0f);
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

// tanh x = −t / (2 + t), t = e^(−2|x|) − 1: ≤ 2 ULP. From −20 on t is −1.
ADJOINT_INLINE float tanh(float x) {
  const float twice = -2.0f * absolute(x);
  const Exponent e = reduced_exp(twice < -20.0f ? -20.0f : twice);
  const float scale = from_bits(static_cast<int32_t>((e.biased - 127) << 23)), whole = scale - 1.0f;
  const float t = fma(e.below, scale, whole), t_rest = fma(e.below, scale, whole - t);
  const float sum = 2.0f + t, sum_rest = t - (sum - 2.0f) + t_rest;
  // What the two roundings lost is part of the quotient; for it 1 / sum within 5 % is good enough, sum being 1 … 2.
  const float y = t / sum, rest = fma(-y, sum_rest, t_rest);
  return with_sign_of(absolute(fma(rest, fma(sum, -0.5f, 1.457f), y)), x);
}

// |x|, at most `most`, by a comparison of bits, for which units stand idle while others multiply; of NaN `most`.
ADJOINT_INLINE float magnitude_up_to(float most, float x) {
  const int32_t b = bits(x) & 0x7fffffff, top = bits(most);
  return from_bits(b < top ? b : top);
}

// 2ⁿ⁺ᵐᵒʳᵉ, 0 where that is below the normal numbers.
ADJOINT_INLINE float power_of_2(const Exponent& e, int32_t more) {
  const int32_t exponent = static_cast<int32_t>(e.biased - 0x4b400000u) - 127 + more;
  return from_bits((exponent < 0 ? 0 : exponent) << 23);
}

// 1 / (1 + e⁻ˣ): ≤ 2 ULP; 0 below −103.97. Both sides of the fraction are 2⁻²⁴ of themselves, so that e⁻ˣ stays finite.
ADJOINT_INLINE float sigmoid(float x) {
  constexpr float unit = 0x1p-24f;
  const Exponent e = reduced_exp(-with_sign_of(magnitude_up_to(104.0f, x), x));
  const float scale = power_of_2(e, -24);
  const float sum = scale + unit, lost = unit - (sum - scale);
  const float y = unit / (fma(e.below, scale, lost) + sum);
  return x != x ? x : y;
}

// log(1 + eˣ): ≤ 2 ULP. log(1 + t) = t − t² / 2 + t³ · P(t), t = e^−|x|, by a minimax polynomial of our own (as erf's; error
// 8e-9 of the logarithm); t leaves the normal numbers in one step, because it is made 2⁶⁴ times as large.
ADJOINT_INLINE float softplus(float x) {
  const Exponent e = reduced_exp(-magnitude_up_to(104.0f, x));
  const float scale = from_bits(static_cast<int32_t>((e.biased - 127 + 64) << 23));
  const float t = fma(e.below, scale, scale) * 0x1p-64f, square = t * t;
  float p = -3.67746479e-3f;
  p = fma(p, t, 2.18754169e-2f);
  p = fma(p, t, -6.09214678e-2f);
  p = fma(p, t, 1.102513e-1f);
  p = fma(p, t, -1.55695364e-1f);
  p = fma(p, t, 1.97743237e-1f);
  p = fma(p, t, -2.49750987e-1f);
  p = fma(p, t, 3.33322495e-1f);
  const float tail = t + fma(p * t, square, -0.5f * square), y = (x > 0.0f ? x : 0.0f) + tail;
  return x != x ? x : y;
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
  const float outer = with_sign_of(1.0f - exp_within(-fma(q, t, t)), x);
  return magnitude < 0.9375f || x != x ? inner : outer;
}

// The normal distribution's upper tail at |x|, φ(m) / φ(0) · ratio: ≤ 10 ULP up to 4, beyond as much as rounding x² / 2 costs, 0
// from 13.2 on. ratio(m) = (1 − Φ(m)) · φ(0) / φ(m) is a polynomial in 1 / (1 + 0.3 m), minimax of our own (as erf's; relative error
// 3e-8 · (1 + m² / 2)), the variable as in Abramowitz, Stegun 1964, 7.1.26.
struct NormalTail {
  float m, density, ratio;  // |x|, at most 14; φ(m) / φ(0); see above
};
ADJOINT_INLINE NormalTail normal_tail(float x) {
  const float u = 1.0f / fma(0.3f, absolute(x), 1.0f);  // NaN for NaN
  float p = 3.5951905e-2f;
  p = fma(p, u, -1.57819793e-1f);
  p = fma(p, u, 2.0633018e-1f);
  p = fma(p, u, -5.24875745e-2f);
  p = fma(p, u, 1.27199471e-1f);
  p = fma(p, u, 1.00583531e-1f);
  p = fma(p, u, 1.20599568e-1f);
  p = fma(p, u, 1.19642735e-1f);
  const float m = magnitude_up_to(14.0f, x);
  const Exponent e = reduced_exp(-0.5f * m * m);
  const float scale = power_of_2(e, 0);
  return {m, fma(e.below, scale, scale), p * u};
}

// eᵐ / 2 for m ≥ 0, which is finite up to 89.41: 2ⁿ⁻² · eʳ, doubled.
ADJOINT_INLINE float half_exp(float m) {
  const Exponent e = reduced_exp(m);
  const float y = (1.0f + e.below) * from_bits(static_cast<int32_t>((e.biased - 129) << 23)) * 2.0f;
  return m > 89.5f ? kInfinity : y;
}

// sinh x: ≤ 2 ULP. Below 1 by its series to x¹¹.
ADJOINT_INLINE float sinh(float x) {
  const float magnitude = absolute(x), z = x * x, half = half_exp(magnitude);
  float p = 1.0f / 39916800;
  p = fma(p, z, 1.0f / 362880);
  p = fma(p, z, 1.0f / 5040);
  p = fma(p, z, 1.0f / 120);
  p = fma(p, z, 1.0f / 6);
  const float far = with_sign_of(half - 0.25f / half, x);
  return magnitude >= 1.0f ? far : fma(x * z, p, x);
}

// cosh x: ≤ 2 ULP.
ADJOINT_INLINE float cosh(float x) {
  const float half = half_exp(absolute(x)), y = half + 0.25f / half;
  return x != x ? x : y;
}

// log u in double, for u that is positive, finite and normal, within 2 ULP: u = 2ᵏ · m, log m = 2 artanh s by its series to
// s¹⁹, s = (m − 1) / (m + 1), |s| ≤ 0.172.
ADJOINT_INLINE double log_normal(double u) {
  constexpr int64_t root_half = 0x3fe6a09e667f3bcd;
  const int64_t b = static_cast<int64_t>(static_cast<uint64_t>(bits(u)) - root_half);  // wraps where u is negative
  const double f = from_bits((b & 0x000fffffffffffff) + root_half) - 1;
  const double s = f / (2 + f), z = s * s;
  double series = 1.0 / 19;
  series = series * z + 1.0 / 17;
  series = series * z + 1.0 / 15;
  series = series * z + 1.0 / 13;
  series = series * z + 1.0 / 11;
  series = series * z + 1.0 / 9;
  series = series * z + 1.0 / 7;
  series = series * z + 1.0 / 5;
  series = series * z + 1.0 / 3;
  return static_cast<double>(static_cast<int32_t>(b >> 52)) * 0.69314718055994530942 + 2 * (s + s * (z * series));
}

// asinh x, acosh x, atanh x: ≤ 1 ULP, by logarithms in double. Below 2⁻¹³ asinh x and atanh x are x to half an ULP.
ADJOINT_INLINE float asinh(float x) {
  const double m = absolute(x);
  const float y = static_cast<float>(log_normal(m + __builtin_sqrt(m * m + 1.0)));
  const float magnitude = absolute(x);
  return with_sign_of(select(magnitude >= 0x1p-13f, select(magnitude < kInfinity, y, kInfinity), magnitude), x);
}
ADJOINT_INLINE float acosh(float x) {
  const double wide = x;
  const float y = static_cast<float>(log_normal(wide + __builtin_sqrt(wide * wide - 1.0)));
  return select(x >= 1.0f, select(x < kInfinity, y, x), kNaN);
}
ADJOINT_INLINE float atanh(float x) {
  const float magnitude = absolute(x);
  const double m = select(magnitude < 1.0f, magnitude, 0.0f);
  const float y = static_cast<float>(0.5 * log_normal((1.0 + m) / (1.0 - m)));
  const float end = select(magnitude == 1.0f, kInfinity, kNaN);
  const float within = select(magnitude >= 0x1p-13f, y, magnitude);
  return with_sign_of(select(magnitude < 1.0f, within, end), x);
}

// aᵇ = 2^(b · log₂|a|) in double, with IEEE 754's values at the ends: ≤ 1 ULP.
ADJOINT_INLINE float pow(float a, float b) {
  const float base = absolute(a);
  float shift;
  const Logarithm part = reduced_log(normalised(base, shift));
  // log m = 2 artanh s, s = (m − 1) / (m + 1), |s| ≤ 0.172: the series to s¹⁵.
  const double s = static_cast<double>(part.f) / (2.0 + part.f);
  const double z = s * s;
  double series = 1.0 / 15;
  series = fma(series, z, 1.0 / 13);
  series = fma(series, z, 1.0 / 11);
  series = fma(series, z, 1.0 / 9);
  series = fma(series, z, 1.0 / 7);
  series = fma(series, z, 1.0 / 5);
  series = fma(series, z, 1.0 / 3);
  series = fma(series, z, 1.0);
  const double inner = part.k - shift + 2.88539008177792681472 * (s * series);
  const double logarithm = base > 0.0f ? (base < kInfinity ? inner : __builtin_inf()) : -__builtin_inf();

  const double product = b * logarithm;
  const double t = product > -200 ? (product < 200 ? product : 200) : -200;
  constexpr double magic = 6755399441055744.0;
  const double shifted = t + magic;
  const double r = (t - (shifted - magic)) * 0.69314718055994530942;
  double p = 1.0 / 3628800;
  p = fma(p, r, 1.0 / 362880);
  p = fma(p, r, 1.0 / 40320);
  p = fma(p, r, 1.0 / 5040);
  p = fma(p, r, 1.0 / 720);
  p = fma(p, r, 1.0 / 120);
  p = fma(p, r, 1.0 / 24);
  p = fma(p, r, 1.0 / 6);
  p = fma(p, r, 0.5);
  p = fma(p, r, 1.0);
  p = fma(p, r, 1.0);
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

}  // namespace adjoint::ADJOINT_ISA::math
