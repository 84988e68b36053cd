// log |Γ| and its derivative of float32, in double and without branches: see math.h. From AVX2 on; see gamma.h.
#pragma once
#include "simd/exponential.h"

namespace adjoint::ADJOINT_ISA::math {

// Where lgamma's arguments lie: 0 … 2.5, where the series is, from 0 on, or anywhere. NaN lies everywhere.
enum class Reach { Near, Positive, All };

}  // namespace adjoint::ADJOINT_ISA::math

#if !defined(__SSE2__) || defined(__AVX2__)

namespace adjoint::ADJOINT_ISA::math {

// condition ? a : b by masking, as that of float32.
ADJOINT_INLINE double select(bool condition, double a, double b) {
  const int64_t mask = -static_cast<int64_t>(condition);
  return from_bits((bits(a) & mask) | (bits(b) & ~mask));
}

// x − n, n the nearest whole number, for x that is a float32 ≤ 0: −½ … ½, and 0 from −2²⁴ on, where all are whole.
ADJOINT_INLINE double beside_whole_number(double x) {
  constexpr double magic = 6755399441055744.0;  // 1.5 · 2⁵²: adding it leaves no bits for a fraction
  const double within = x > -16777216.0 ? x : -16777216.0;
  return within - (within + magic - magic);
}

// sin πr and cos πr for |r| ≤ ½ by their series to r¹⁷ and r¹⁶: within 1e-12.
ADJOINT_INLINE double sine_of_turns(double r) {
  const double t = 3.14159265358979323846 * r, z = t * t;
  double p = 1.0 / 355687428096000;
  p = fma(p, z, -1.0 / 1307674368000);
  p = fma(p, z, 1.0 / 6227020800);
  p = fma(p, z, -1.0 / 39916800);
  p = fma(p, z, 1.0 / 362880);
  p = fma(p, z, -1.0 / 5040);
  p = fma(p, z, 1.0 / 120);
  p = fma(p, z, -1.0 / 6);
  return fma(p * z, t, t);
}
ADJOINT_INLINE double cosine_of_turns(double r) {
  const double t = 3.14159265358979323846 * r, z = t * t;
  double p = 1.0 / 20922789888000;
  p = fma(p, z, -1.0 / 87178291200);
  p = fma(p, z, 1.0 / 479001600);
  p = fma(p, z, -1.0 / 3628800);
  p = fma(p, z, 1.0 / 40320);
  p = fma(p, z, -1.0 / 720);
  p = fma(p, z, 1.0 / 24);
  p = fma(p, z, -0.5);
  return fma(p, z, 1.0);
}

// log Γ(2 + z) / z for −½ ≤ z ≤ ½: the series of log_gamma_near_two to z¹⁸, within 1e-10.
ADJOINT_INLINE double log_gamma_slope(double z) {
  double p = 2.1207184805554666e-7;
  p = fma(p, z, -4.492469198764566e-7);
  p = fma(p, z, 9.5514121304074198e-7);
  p = fma(p, z, -2.0392157538013662e-6);
  p = fma(p, z, 4.3748667899074878e-6);
  p = fma(p, z, -9.4394882752683959e-6);
  p = fma(p, z, 2.0507212775670692e-5);
  p = fma(p, z, -4.4926236738133142e-5);
  p = fma(p, z, 9.9457512781808534e-5);
  p = fma(p, z, -0.00022315475845357938);
  p = fma(p, z, 0.00050966952474304242);
  p = fma(p, z, -0.001192753911703261);
  p = fma(p, z, 0.0028905103307415233);
  p = fma(p, z, -0.0073855510286739853);
  p = fma(p, z, 0.020580808427784548);
  p = fma(p, z, -0.067352301053198095);
  p = fma(p, z, 0.32246703342411322);
  return fma(p, z, 0.42278433509846714);
}

// log |Γ(x)|, ∞ at 0, −1, −2 …: ≤ 1 ULP for x > 0, of max(1, |y|) below. Γ(t) by a factor, for t ≥ 8 by Stirling's formula
// (Abramowitz, Stegun 1964, 6.1.15, 6.1.33, 6.1.41); below ½ by reflection (6.1.17). Of arguments that are known to lie nearer
// only what they need is computed, to the same bits.
template <Reach REACH>
ADJOINT_INLINE float lgamma_of(float x) {
  const double wide = x;
  const bool reflected = REACH == Reach::All && x < 0.0f;
  const double t = select(reflected, 1.0 - wide, wide);
  // Up to 1.5 … 2.5, Γ(t) = Γ(u) / factor, or down, Γ(t) = Γ(u) · factor.
  const bool up = t < 1.5;
  double factor = select(up, t, 1.0), u = select(up, t + 1.0, t);
  const bool twice = t < 0.5;
  factor = select(twice, factor * u, factor);
  u = select(twice, u + 1.0, u);
  for (int i = 0; REACH != Reach::Near && i < 6; i++) {
    const bool above = u > 2.5;
    u = select(above, u - 1.0, u);
    factor = select(above, factor * u, factor);
  }
  const bool far = REACH != Reach::Near && t >= 8.0;
  const double logarithm = log_normal(select(far, t, factor));
  const double z = u - 2.0;
  double direct = fma(z, log_gamma_slope(z), select(up, -logarithm, logarithm));
  if constexpr (REACH != Reach::Near) {
    const double inverse = 1.0 / t, w = inverse * inverse;
    double rest = -1.0 / 1680;
    rest = fma(rest, w, 1.0 / 1260);
    rest = fma(rest, w, -1.0 / 360);
    rest = fma(rest, w, 1.0 / 12);
    const double stirling = fma(t - 0.5, logarithm - 1.0, fma(rest, inverse, 0.41893853320467274178));  // ½ log 2π − ½
    direct = select(far, stirling, direct);
  }
  double y = direct;
  bool pole = (x == 0.0f) | (absolute(x) == kInfinity);
  if constexpr (REACH == Reach::All) {
    const double sine = sine_of_turns(beside_whole_number(select(reflected, wide, 0.0)));
    y = select(reflected, log_normal(3.14159265358979323846 / __builtin_fabs(sine)) - direct, direct);
    pole |= reflected & (sine == 0.0);
  }
  return select(x != x, x, select(pole, kInfinity, static_cast<float>(y)));
}

ADJOINT_INLINE float lgamma(float x) { return lgamma_of<Reach::All>(x); }

// ψ(x); ∓∞ at ±0, NaN at −1, −2 …: ≤ 1 ULP of max(1, |y|). ψ(t) = ψ(t + n) − Σ 1 / (t + k) up to 6, from where its
// asymptotic series is good to 1e-12; the sum as one quotient (Abramowitz, Stegun 1964, 6.3.5, 6.3.7, 6.3.18).
ADJOINT_INLINE float digamma(float x) {
  const double wide = x;
  const bool reflected = x < 0.0f;
  double t = select(reflected, 1.0 - wide, wide);
  double above = 0.0, below = 1.0;
  for (int i = 0; i < 6; i++) {
    const bool low = t < 6.0;
    above = select(low, fma(above, t, below), above);
    below = select(low, below * t, below);
    t = select(low, t + 1.0, t);
  }
  const double inverse = 1.0 / t, z = inverse * inverse;
  double series = 1.0 / 12;
  series = fma(series, z, -691.0 / 32760);
  series = fma(series, z, 1.0 / 132);
  series = fma(series, z, -1.0 / 240);
  series = fma(series, z, 1.0 / 252);
  series = fma(series, z, -1.0 / 120);
  series = fma(series, z, 1.0 / 12);
  const double direct = log_normal(t) - (fma(series, z, 0.5 * inverse) + above / below);
  const double r = beside_whole_number(select(reflected, wide, -0.5));
  const double quotient = 3.14159265358979323846 * cosine_of_turns(r) / sine_of_turns(r);
  const double turned = direct - select(r == 0.0, __builtin_nan(""), quotient);
  const float y = static_cast<float>(select(reflected, turned, direct));
  return select(x == kInfinity, x, y);
}

}  // namespace adjoint::ADJOINT_ISA::math

#endif
