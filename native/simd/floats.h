// Floating-point numbers taken apart and put together by their bits, and what every elementary function is made of.
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

ADJOINT_INLINE float with_sign_of(float magnitude, float x) {
  return from_bits(bits(magnitude) | (bits(x) & static_cast<int32_t>(0x80000000)));
}
ADJOINT_INLINE float absolute(float x) { return from_bits(bits(x) & 0x7fffffff); }

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

}  // namespace adjoint::ADJOINT_ISA::math
