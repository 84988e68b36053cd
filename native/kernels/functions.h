// The functions of elementwise.inc as types: functions::exp{}(x).
#pragma once
#include "kernels/activations.h"
#include "simd/gamma.h"
#include "simd/integers.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA::functions {

ADJOINT_INLINE int32_t magnitude(int32_t x) { return x < 0 ? static_cast<int32_t>(0u - wrapping(x)) : x; }

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
#define TERNARY(name, types, expression)                   \
  struct name {                                            \
    template <typename T>                                  \
    ADJOINT_INLINE T operator()(T a, T b, T c) const {     \
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
