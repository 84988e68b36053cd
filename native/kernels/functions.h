// The functions of elementwise.inc as types: functions::exp{}(x).
#pragma once
#include "simd/gamma.h"
#include "simd/integers.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA::functions {

ADJOINT_INLINE int32_t magnitude(int32_t x) { return x < 0 ? static_cast<int32_t>(0u - wrapping(x)) : x; }
ADJOINT_INLINE float magnitude(float x) { return math::absolute(x); }
ADJOINT_INLINE double magnitude(double x) { return math::absolute(x); }

// By squaring; the quotient 1 / baseⁿ of integers is 0 but for ±1.
ADJOINT_INLINE int32_t power(int32_t base, int32_t exponent) {
  if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent % 2 ? -1 : 1) : 0;
  uint32_t result = 1, square = wrapping(base);
  for (; exponent > 0; exponent >>= 1, square *= square) {
    if (exponent & 1) result *= square;
  }
  return static_cast<int32_t>(result);
}
ADJOINT_INLINE float power(float a, float b) { return math::select(b == 2.0f, a * a, math::pow(a, b)); }
ADJOINT_INLINE double power(double a, double b) { return b == 2.0 ? a * a : math::pow(a, b); }

constexpr double kSqrtHalf = 0.70710678118654752440;        // √(1/2)
constexpr double kInverseSqrt2Pi = 0.39894228040143267794;  // 1 / √(2π)
constexpr double kSqrt2OverPi = 0.79788456080286535588;     // √(2/π)
constexpr double kCubic = 0.044715;                         // Hendrycks, Gimpel 2016, section 2

// x · Φ(x), and its derivative Φ + x · φ.
template <typename T>
ADJOINT_INLINE T gaussian(T x) {
  return static_cast<T>(0.5) * x * (1 + math::erf(x * static_cast<T>(kSqrtHalf)));
}
template <typename T>
ADJOINT_INLINE T gaussian_slope(T x) {
  const T half = static_cast<T>(0.5);
  const T density = static_cast<T>(kInverseSqrt2Pi) * math::exp_fading(-half * x * x);
  return half * (1 + math::erf(x * static_cast<T>(kSqrtHalf))) + x * density;
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

#define ELEMENTWISE(name)
#define UNARY(name, types, expression)                     \
  struct name {                                            \
    template <typename T>                                  \
    ADJOINT_INLINE T operator()(T x) const {               \
      return static_cast<T>(expression);                   \
    }                                                      \
  };
// The vector form covers |x| ≤ kSinRange.
#define PERIODIC(name)                                     \
  struct name {                                            \
    template <typename T>                                  \
    ADJOINT_INLINE T operator()(T x) const {               \
      return math::name(x);                                \
    }                                                      \
    ADJOINT_INLINE static float far(float x) { return math::name##_far(x); } \
  };
#define BINARY(name, types, expression)                    \
  struct name {                                            \
    template <typename T>                                  \
    ADJOINT_INLINE T operator()(T a, T b) const {          \
      return static_cast<T>(expression);                   \
    }                                                      \
  };
#define GRADIENT(name, types, expression)                  \
  struct name {                                            \
    template <typename T>                                  \
    ADJOINT_INLINE T operator()(T dy, T y) const {         \
      return static_cast<T>(expression);                   \
    }                                                      \
  };
#define COMPARISON(name, operation)                        \
  struct name {                                            \
    template <typename T>                                  \
    ADJOINT_INLINE uint8_t operator()(T a, T b) const {    \
      return a operation b;                                \
    }                                                      \
  };
#include "elementwise.inc"

}  // namespace adjoint::ADJOINT_ISA::functions
