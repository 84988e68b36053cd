// Activations and their derivatives that take more than a line, for elementwise.inc.
#pragma once
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA::functions {

ADJOINT_INLINE float magnitude(float x) { return math::absolute(x); }
ADJOINT_INLINE double magnitude(double x) { return math::absolute(x); }

template <typename T>
ADJOINT_INLINE T squared(T x) {
  return x * x;
}

constexpr double kSqrtHalf = 0.70710678118654752440;        // √(1/2)
constexpr double kInverseSqrt2Pi = 0.39894228040143267794;  // 1 / √(2π)
constexpr double kSqrt2OverPi = 0.79788456080286535588;     // √(2/π)
constexpr double kCubic = 0.044715;                         // Hendrycks, Gimpel 2016, section 2

// x · Φ(x), and its derivative Φ + x · φ.
ADJOINT_INLINE double gaussian(double x) { return 0.5 * x * (1 + math::erf(x * kSqrtHalf)); }
ADJOINT_INLINE double gaussian_slope(double x) {
  return 0.5 * (1 + math::erf(x * kSqrtHalf)) + x * (kInverseSqrt2Pi * math::exp(-0.5 * x * x));
}
// … of float32 by the tail, in which nothing cancels: relu(x) − |x| · tail, and tail − |x| · φ or what that lacks to 1.
ADJOINT_INLINE float gaussian(float x) {
  const math::NormalTail tail = math::normal_tail(x);
  return math::fma((x > 0 ? -tail.m : x) * tail.density, tail.ratio, x > 0 ? x : 0);  // −∞ · 0 is NaN, as in the formula
}
ADJOINT_INLINE float gaussian_slope(float x) {
  const math::NormalTail tail = math::normal_tail(x);
  const float below = tail.density * math::fma(-static_cast<float>(kInverseSqrt2Pi), magnitude(x), tail.ratio);
  return x > 0 ? 1 - below : below;
}

// tanh's argument in the approximation of Φ, √(2/π) · (x + 0.044715 x³), and its derivative.
template <typename T>
ADJOINT_INLINE T inner(T x) {
  return static_cast<T>(kSqrt2OverPi) * (x + static_cast<T>(kCubic) * x * x * x);
}
template <typename T>
ADJOINT_INLINE T inner_slope(T x) {
  return static_cast<T>(kSqrt2OverPi) * (1 + static_cast<T>(3 * kCubic) * x * x);
}
template <typename T>
ADJOINT_INLINE T gaussian_by_tanh(T x) {
  return static_cast<T>(0.5) * x * (1 + math::tanh(inner(x)));
}
template <typename T>
ADJOINT_INLINE T gaussian_slope_by_tanh(T x) {
  const T half = static_cast<T>(0.5), t = math::tanh(inner(x));
  return half * (1 + t) + half * x * (1 - t * t) * inner_slope(x);
}

// σ · (1 − σ)
template <typename T>
ADJOINT_INLINE T sigmoid_slope(T x) {
  const T s = math::sigmoid(x);
  return s * (1 - s);
}

// The slope of x · σ(βx): σ · (1 + βx · (1 − σ)).
template <typename T>
ADJOINT_INLINE T swish_slope(T x, T beta) {
  const T wide = beta * x, s = math::sigmoid(wide);
  return s * (1 + wide * (1 - s));
}

// tanh(log(1 + n)) = q / (q + 2), q = n · (n + 2), n = eˣ; from x = 40 on it is 1.
template <typename T>
struct Mish {
  T x, n, q;
  ADJOINT_INLINE explicit Mish(T at) : x(at > 40 ? 40 : at), n(math::exp(x)), q(n * (n + 2)) {}
};
template <typename T>
ADJOINT_INLINE T mish_of(T x) {
  const Mish<T> m(x);
  return x * (m.q / (m.q + 2));
}
// t + x · (1 − t²) · σ(x), where (1 − t²) · σ is 4 · n · (n + 1) / (q + 2)².
template <typename T>
ADJOINT_INLINE T mish_slope(T x) {
  const Mish<T> m(x);
  const T sum = m.q + 2;
  return m.q / sum + m.x * (4 * (m.n / sum) * ((m.n + 1) / sum));
}

constexpr double kSeluScale = 1.0507009873554805, kSeluAlpha = 1.6732632423543772;  // Klambauer and others 2017, equation 14

// scale · x above 0, alpha · (eˣ − 1) below, and the derivative, there alpha · e^(x / width).
template <typename T, typename S, typename A>
ADJOINT_INLINE T exponential_unit(T x, S scale, A alpha) {
  return x > 0 ? static_cast<T>(scale) * x : static_cast<T>(alpha) * math::expm1(x);
}
template <typename T, typename S, typename A, typename W>
ADJOINT_INLINE T exponential_slope(T x, S scale, A alpha, W width) {
  return x > 0 ? static_cast<T>(scale) : static_cast<T>(alpha) * math::exp(x / static_cast<T>(width));
}

// min(max(x + 3, 0), 6) / 6, and where it is not level. A division would take longer than the memory.
template <typename T>
ADJOINT_INLINE T ramp(T x) {
  const T up = x + 3, raised = up < 0 ? 0 : up;
  return (raised > 6 ? 6 : raised) * static_cast<T>(1.0 / 6);
}
template <typename T>
ADJOINT_INLINE bool on_ramp(T x) {
  const T up = x + 3;
  return (up >= 0) & (up <= 6);
}
// The slope of x · ramp(x): 0, (2x + 3) / 6, 1.
template <typename T>
ADJOINT_INLINE T ramped_slope(T x) {
  const T up = x + 3, slope = (2 * x + 3) * static_cast<T>(1.0 / 6), low = up < 0 ? 0 : slope;
  return up > 6 ? 1 : low;
}

// x brought nearer to 0 by `threshold`.
template <typename T>
ADJOINT_INLINE T shrunk(T x, T threshold) {
  const T raised = x < -threshold ? -threshold : x;
  return x - (raised > threshold ? threshold : raised);
}

// NaN fails both comparisons and stays.
template <typename T>
ADJOINT_INLINE T clamped(T x, T low, T high) {
  const T raised = x < low ? low : x;
  return raised > high ? high : raised;
}

}  // namespace adjoint::ADJOINT_ISA::functions
