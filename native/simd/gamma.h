// The gamma function's family and the inverse error function, in double. They have loops and branches: nothing here becomes
// vector code, of which gamma_float.h has some for float32. lib/backend/reference/gamma.ts has the same in TypeScript.
#pragma once
#include "simd/gamma_float.h"

namespace adjoint::ADJOINT_ISA::math {

// What is too long to stand in every loop.
#define ADJOINT_CALLED __attribute__((noinline)) inline

constexpr double kPi = 3.14159265358979323846;

template <int N>
ADJOINT_INLINE double polynomial(const double (&coefficients)[N], double x) {
  double y = coefficients[N - 1];
  for (int i = N - 2; i >= 0; i--) y = y * x + coefficients[i];
  return y;
}

// x to the nearest whole number, −½ … ½: what functions of period 1 need of it.
ADJOINT_INLINE double beside_whole(double x) { return x - __builtin_rint(x); }

// What Stirling's formula lacks of log Γ(x), for x ≥ 8 within 1e-16 (Abramowitz, Stegun 1964, 6.1.41).
inline double stirling_rest(double x) {
  constexpr double rest[] = {1.0 / 12,      -1.0 / 360,  1.0 / 1260,      -1.0 / 1680,
                             1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400};
  return polynomial(rest, 1 / (x * x)) / x;
}

// log Γ(2 + z) for −½ ≤ z ≤ ½: z · Σ cᵏ zᵏ, c⁰ = 1 − γ, cᵏ = (−1)ᵏ⁺¹ (ζ(k + 1) − 1) / (k + 1) (Abramowitz, Stegun 1964, 6.1.33).
inline double log_gamma_near_two(double z) {
  constexpr double series[] = {
      0.42278433509846714,    0.32246703342411322,    -0.067352301053198095,  0.020580808427784548,   -0.0073855510286739853,
      0.0028905103307415233,  -0.001192753911703261,  0.00050966952474304242, -0.00022315475845357938, 9.9457512781808534e-5,
      -4.4926236738133142e-5, 2.0507212775670692e-5,  -9.4394882752683959e-6, 4.3748667899074878e-6,  -2.0392157538013662e-6,
      9.5514121304074198e-7,  -4.492469198764566e-7,  2.1207184805554666e-7,  -1.00432248239681e-7,   4.7698101693639806e-8,
      -2.2711094608943165e-8, 1.0838659214896954e-8,  -5.1834750419700467e-9, 2.4836745438024783e-9,  -1.1921401405860912e-9,
      5.731367241678862e-10};
  return z * polynomial(series, z);
}

// log |Γ(x)|, ∞ at 0, −1, −2 …: |error| ≤ 4e-15 · |y| for x > 0, ≤ 4e-15 · max(1, |y|) below.
ADJOINT_CALLED double lgamma(double x) {
  if (x != x) return x;
  if (x < 0.5) {
    if (x > 0) return log_gamma_near_two(x) - __builtin_log(x) - __builtin_log1p(x);
    const double sine = __builtin_sin(kPi * beside_whole(x));
    if (sine == 0 || x == -__builtin_inf()) return __builtin_inf();
    return __builtin_log(kPi / __builtin_fabs(sine)) - lgamma(1 - x);
  }
  if (x < 1.5) return log_gamma_near_two(x - 1) - __builtin_log(x);
  if (x < 8) {
    double product = 1;
    for (; x > 2.5; product *= x) x -= 1;
    return log_gamma_near_two(x - 2) + __builtin_log(product);
  }
  return (x - 0.5) * (__builtin_log(x) - 1) + (stirling_rest(x) + 0.41893853320467274178);  // ½ log 2π − ½
}

// d log Γ / dx; ∓∞ at ±0, NaN at −1, −2 …: |error| ≤ 4e-15 · max(1, |y|). By ψ(x) = ψ(x + 1) − 1 / x up to 10, from where
// its asymptotic series is good to 1e-16 (Abramowitz, Stegun 1964, 6.3.5, 6.3.7, 6.3.18).
ADJOINT_CALLED double digamma(double x) {
  if (x == 0) return -1 / x;
  if (x < 0) {
    const double r = beside_whole(x);
    return r == 0 || x == -__builtin_inf() ? __builtin_nan("") : digamma(1 - x) - kPi / __builtin_tan(kPi * r);
  }
  double below = 0;
  for (; x < 10; x += 1) below += 1 / x;
  constexpr double series[] = {1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12};
  const double z = 1 / (x * x);
  return __builtin_log(x) - 0.5 / x - z * polynomial(series, z) - below;
}

// Σ 1 / (x + k)ˢ over k ≥ 0 (Hurwitz's ζ) for whole s ≥ 2 and x > 0, within 1e-14: directly up to s + 10, the rest by Euler and
// Maclaurin's formula.
inline double zeta(double s, double x) {
  constexpr double series[] = {1.0 / 12,
                               -1.0 / 720,
                               1.0 / 30240,
                               -1.0 / 1209600,
                               1.0 / 47900160,
                               -691.0 / 1307674368000,
                               1.0 / 74724249600,
                               -3617.0 / 10670622842880000};
  double sum = 0;
  for (; x < s + 10; x += 1) sum += __builtin_pow(x, -s);
  double factor = s / x, rest = 0.5;
  for (int j = 0; j < 8; j++) {
    rest += series[j] * factor;
    factor *= (s + 2 * j + 1) * (s + 2 * j + 2) / (x * x);
  }
  return sum + __builtin_pow(x, 1 - s) * (1 / (s - 1) + rest / x);
}

// The derivative of digamma of this order, a whole number ≥ 1: (−1)ⁿ⁺¹ n! Σ 1 / (x + k)ⁿ⁺¹, (−1)ⁿ⁺¹ ∞ at 0, −1, −2 …; within
// 4e-15 for x > 0. Below 0 the sum over all whole k, which has the period 1, less that over k < 0.
ADJOINT_CALLED double polygamma(double order, double x) {
  const double s = order + 1, sign = __builtin_fmod(order, 2) == 1 ? 1 : -1;
  double factorial = sign;
  for (double i = 2; i <= order; i++) factorial *= i;
  if (x > 0) return factorial * zeta(s, x);
  if (x != x || x == -__builtin_inf()) return __builtin_nan("");
  const double beyond = -x - __builtin_floor(-x);
  if (beyond == 0) return sign * __builtin_inf();
  return factorial * (zeta(s, 1 - beyond) + sign * (zeta(s, beyond) - zeta(s, 1 - x)));
}

// The z with erf z = x; ±∞ at ±1, NaN beyond: within 1e-15 (Wichura 1988, algorithm AS 241, PPND16, whose quantile of the
// normal distribution at (1 + x) / 2 is √2 · z).
ADJOINT_CALLED double erfinv(double x) {
  constexpr double a[] = {3.3871328727963666080,      133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
                          45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727};
  constexpr double b[] = {1,
                          42.313330701600911252,
                          687.18700749205790830,
                          5394.1960214247511077,
                          21213.794301586595867,
                          39307.895800092710610,
                          28729.085735721942674,
                          5226.4952788528545610};
  constexpr double c[] = {1.42343711074968357734,   4.63033784615654529590,    5.76949722146069140550,    3.64784832476320460504,
                          1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4};
  constexpr double d[] = {1,
                          2.05319162663775882187,
                          1.67638483018380384940,
                          0.689767334985100004550,
                          0.148103976427480074590,
                          0.0151986665636164571966,
                          5.47593808499534494600e-4,
                          1.05075007164441684324e-9};
  constexpr double e[] = {6.65790464350110377720,     5.46378491116411436990,   1.78482653991729133580,   0.296560571828504891230,
                          0.0265321895265761230930, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr double f[] = {1,
                          0.599832206555887937690,
                          0.136929880922735805310,
                          0.0148753612908506148525,
                          7.86869131145613259100e-4,
                          1.84631831751005468180e-5,
                          1.42151175831644588870e-7,
                          2.04426310338993978564e-15};
  constexpr double root_half = 0.70710678118654752440;
  const double magnitude = __builtin_fabs(x);
  if (magnitude <= 0.85) {
    const double r = 0.180625 - 0.25 * x * x;
    return root_half * 0.5 * x * (polynomial(a, r) / polynomial(b, r));
  }
  if (magnitude >= 1) return magnitude == 1 ? x / 0.0 : __builtin_nan("");
  const double r = __builtin_sqrt(-__builtin_log(0.5 * (1 - magnitude)));
  const double z = r <= 5 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6) : polynomial(e, r - 5) / polynomial(f, r - 5);
  return x < 0 ? -root_half * z : x == x ? root_half * z : x;
}

// ∂x/∂a of the quantile x(a, u) of the gamma distribution of concentration a, which the sample x of it is for some u:
// −∂P/∂a / (∂P/∂x), P(a, x) the regularised incomplete gamma function; within 1e-8 (Figurnov, Mohamed, Mnih 2018,
// arXiv:1805.08498, section 3.1). 0 at 0.
ADJOINT_CALLED double gamma_slope(double a, double x) {
  if (!(a > 0 && x >= 0 && a < __builtin_inf() && x < __builtin_inf())) return __builtin_nan("");
  if (x == 0) return 0;
  if (a > 1e4) {
    // x = a + √a z + (z² − 1) / 3 + (z³ − 7 z) / (36 √a) + O(1 / a) with z normal (Cornish, Fisher 1938).
    const double root = __builtin_sqrt(a), w = (x - a) / root;
    double z = w;
    for (int i = 0; i < 3; i++) z = w - (z * z - 1) / (3 * root) - z * (z * z - 7) / (36 * a);
    return 1 + z / (2 * root) - z * (z * z - 7) / (72 * a * root);
  }
  constexpr double enough = 1e-15;
  const double log_x = __builtin_log(x);
  if (x <= a + 1) {
    // P / (∂P/∂x) = Σ tₖ, tₖ = xᵏ⁺¹ Γ(a) / Γ(a + k + 1), and −∂ log tₖ of P / ∂a = ψ(a + k + 1) − log x, ≥ 0 but for rounding.
    double term = x / a, psi = digamma(a + 1), sum = 0;
    for (double k = 1;; k++) {
      const double part = term * (psi - log_x);
      sum += part;
      if (!(part < 0 || part > enough * sum)) return sum;
      psi += 1 / (a + k);
      term *= x / (a + k);
    }
  }
  // (1 − P) / (∂P/∂x) = x · h, h Legendre's continued fraction, and its derivative by a (Lentz 1976; Abramowitz, Stegun 1964,
  // 6.5.31): h, c, d and their slopes.
  double b = x + 1 - a, d = 1 / b, d_slope = d * d, h = d, h_slope = d_slope, c = 1e300, c_slope = 0;
  for (double i = 1; i < 1e5; i++) {
    const double numerator = -i * (i - a);
    b += 2;
    d_slope = i * d + numerator * d_slope - 1;
    d = 1 / (numerator * d + b);
    d_slope *= -d * d;
    c_slope = i / c - numerator * c_slope / (c * c) - 1;
    c = b + numerator / c;
    const double step = c * d, step_slope = c_slope * d + c * d_slope;
    h_slope = h_slope * step + h * step_slope;
    h *= step;
    if (!(__builtin_fabs(step - 1) > enough || __builtin_fabs(step_slope) > enough)) break;
  }
  return x * (h * (log_x - digamma(a)) + h_slope);
}

#if defined(__SSE2__) && !defined(__AVX2__)
// Two numbers at a time, without the shifts of 64 bits, the vector code takes twice the time of this.
template <Reach>
ADJOINT_INLINE float lgamma_of(float x) {
  return static_cast<float>(lgamma(static_cast<double>(x)));
}
ADJOINT_INLINE float lgamma(float x) { return lgamma_of<Reach::All>(x); }
ADJOINT_INLINE float digamma(float x) { return static_cast<float>(digamma(static_cast<double>(x))); }
#endif
ADJOINT_INLINE float erfinv(float x) { return static_cast<float>(erfinv(static_cast<double>(x))); }

#undef ADJOINT_CALLED

}  // namespace adjoint::ADJOINT_ISA::math
