// Element types that C++ lacks, and conversion between all of them as JavaScript's typed arrays convert.
#pragma once
#include <cstdint>
#include <cstring>

#include "simd/inline.h"

namespace adjoint::ADJOINT_ISA {

struct Bool {
  uint8_t byte;
};

struct BFloat16 {
  uint16_t bits;
};

ADJOINT_INLINE float to_float(BFloat16 x) {
  const uint32_t bits = static_cast<uint32_t>(x.bits) << 16;
  float value;
  std::memcpy(&value, &bits, 4);
  return value;
}

// Nearest, ties to even; a NaN stays a NaN.
ADJOINT_INLINE BFloat16 to_bfloat16(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  const uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  const uint32_t nan = (bits >> 16) | 0x40;
  return {static_cast<uint16_t>(value != value ? nan : rounded)};
}

// The value as a C++ number.
ADJOINT_INLINE uint8_t plain(Bool x) { return x.byte; }
ADJOINT_INLINE float plain(BFloat16 x) { return to_float(x); }
template <typename T>
ADJOINT_INLINE T plain(T x) { return x; }

template <typename To>
struct Convert {
  template <typename From>
  ADJOINT_INLINE static To from(From x) { return static_cast<To>(x); }
  // Out of range and NaN are undefined in C++: saturate, NaN gives 0.
  ADJOINT_INLINE static To from(float x) {
    constexpr bool with_sign = To(-1) < To(0);
    constexpr float end = with_sign ? 2147483648.0f : 256.0f, start = with_sign ? -2147483648.0f : 0.0f;
    constexpr int32_t most = with_sign ? INT32_MAX : 255;
    const float above = x < start ? start : x, within = above < end ? above : 0.0f;
    return static_cast<To>(x >= end ? most : static_cast<int32_t>(within));
  }
  ADJOINT_INLINE static To from(double x) {
    constexpr double low = To(-1) < To(0) ? -2147483648.0 : 0.0, high = To(-1) < To(0) ? 2147483647.0 : 255.0;
    return x != x ? To(0) : static_cast<To>(x < low ? low : x > high ? high : x);
  }
};
template <>
struct Convert<float> {
  template <typename From>
  ADJOINT_INLINE static float from(From x) { return static_cast<float>(x); }
};
template <>
struct Convert<double> {
  template <typename From>
  ADJOINT_INLINE static double from(From x) { return static_cast<double>(x); }
};
template <>
struct Convert<Bool> {
  template <typename From>
  ADJOINT_INLINE static Bool from(From x) { return {static_cast<uint8_t>(x != 0)}; }
};
template <>
struct Convert<BFloat16> {
  template <typename From>
  ADJOINT_INLINE static BFloat16 from(From x) { return to_bfloat16(static_cast<float>(x)); }
};

template <typename To, typename From>
ADJOINT_INLINE To convert(From x) { return Convert<To>::from(plain(x)); }

}  // namespace adjoint::ADJOINT_ISA
